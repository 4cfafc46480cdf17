import type { PageDefaults } from "@/lib/filters"

/** What pages show where their address is silent. Apart from how their data is read: a link to a page needs only this. */

/** The board is about today: what it leads to starts from there. */
export const BOARD_DEFAULTS: PageDefaults = { last: "today" }
export const SPEND_DEFAULTS: PageDefaults = { by: ["model"], perRunBy: ["workflow"], last: "30d" }
export const RUNS_DEFAULTS: PageDefaults = { last: "30d" }
export const VERIFICATIONS_DEFAULTS: PageDefaults = { last: "30d" }
