/** In this order: each of the later ones is named by an earlier one too. */
const BROWSERS = [
  [/\bEdg(?:A|iOS)?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\b(?:Firefox|FxiOS)\//, "Firefox"],
  [/\b(?:Headless)?Chrom(?:e|ium)\/|\bCriOS\//, "Chrome"],
  [/\bVersion\/[\d.]+ (?:Mobile\/\S+ )?Safari\//, "Safari"],
] as const
const SYSTEMS = [
  [/\b(?:iPhone|iPad)\b/, "iOS"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b/, "macOS"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bLinux\b/, "Linux"],
] as const

type Names = readonly (readonly [RegExp, string])[]
const first = (names: Names, text: string): string | undefined => names.find(([pattern]) => pattern.test(text))?.[1]

/** `Firefox on macOS`, as far as a browser tells it; what is no browser's stays as it was sent. */
export function browserName(userAgent: string | null): string {
  if (userAgent === null || userAgent === "") return "unknown"
  const browser = first(BROWSERS, userAgent)
  const system = first(SYSTEMS, userAgent)
  return browser === undefined ? userAgent : system === undefined ? browser : `${browser} on ${system}`
}
