/** Line icons on a 16 px grid, drawn here: nothing is fetched for them. */
const PATHS = {
  board: "M2.5 2.5h4.5v4.5h-4.5zM9 2.5h4.5v4.5h-4.5zM2.5 9h4.5v4.5h-4.5zM9 9h4.5v4.5h-4.5z",
  reports: "M4 2h5.5L12.5 5v9H4zM9 2v3.5h3.5M6 8.5h4.5M6 11h4.5",
  search: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.3 10.3 13.5 13.5",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  fold: "M2.5 3h11v10h-11zM6 3v10M11 6.5 9.5 8l1.5 1.5",
  unfold: "M2.5 3h11v10h-11zM6 3v10M9.5 6.5 11 8l-1.5 1.5",
  filter: "M2.5 4h11M4.5 8h7M6.5 12h3",
  saved: "M4 2.5h8v11L8 10.5 4 13.5z",
  zone: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2M8 4.5V8l2.5 1.5",
  user: "M8 2.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5M3 13.5c.6-2.6 2.5-4 5-4s4.4 1.4 5 4",
  keyboard: "M2 4h12v8H2zM4.5 6.5h.01M7 6.5h.01M9.5 6.5h.01M11.5 6.5h.01M5 9.5h6",
  down: "m3 6 5 5 5-5",
  up: "m3 10 5-5 5 5",
  edit: "m3 13 .7-2.8L10.5 3.4l2.1 2.1-6.8 6.8z",
  trash: "M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.6 9h5.8l.6-9",
  spend: "M2.5 13.5h11M4 11V7.5M7 11V3.5M10 11V6M13 11V4.5",
  runs: "M2.5 4h6M2.5 8h11M2.5 12h8",
  halted: "M5.2 2h5.6L14 5.2v5.6L10.8 14H5.2L2 10.8V5.2zM8 5v4M8 11v.2",
  exceptions: "M8 2.5 14 13H2zM8 6.5v3.2M8 11.3v.2",
  verifications: "m2.5 8.5 3.2 3.2L13.5 4",
  settings: "M2.5 5h7m3 0h1M2.5 11h1m3 0h7M11 3.2v3.6M5 9.2v3.6",
  sun: "M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1",
  moon: "M13 9.8A5.5 5.5 0 0 1 6.2 3 5.5 5.5 0 1 0 13 9.8",
  system: "M2.5 3h11v7.5h-11zM6 13.5h4",
  download: "M8 2.5v8m-3-3 3 3 3-3M2.5 13.5h11",
  left: "M10 3 5 8l5 5",
  right: "m6 3 5 5-5 5",
  close: "m3.5 3.5 9 9m0-9-9 9",
  agent: "M8 2.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5M3 13.5c.6-2.6 2.5-4 5-4s4.4 1.4 5 4",
  step: "M2.5 3.5h11v9h-11zM2.5 8h11",
  llm: "m8 2 1.5 4.5L14 8l-4.5 1.5L8 14l-1.5-4.5L2 8l4.5-1.5z",
  embedding: "M3 3h3v3H3zM10 3h3v3h-3zM3 10h3v3H3zM10 10h3v3h-3z",
  tool: "M10.5 2.5a3.5 3.5 0 0 0-3.2 4.9L2.5 12.2l1.3 1.3 4.8-4.8a3.5 3.5 0 0 0 4.7-4.4l-2 2-1.8-.4-.4-1.8 2-2z",
  retrieval: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.3 10.3 14 14",
  verification: "m3 8.5 3 3 7-7.5",
  other: "M8 3a5 5 0 1 0 0 10A5 5 0 0 0 8 3",
} as const
export type IconName = keyof typeof PATHS

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
      className="shrink-0"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  )
}
