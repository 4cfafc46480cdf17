/** Whether the rail is folded to icons: `folded` or anything else. */
export const RAIL_COOKIE = "andon_rail"
