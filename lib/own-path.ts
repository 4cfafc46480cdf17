/**
 * Where a page may send the browser on: a path of this installation. Anything that another host could be read from (`//evil`, `/\evil`,
 * a scheme, a control character that browsers drop) becomes `/`.
 */
export function ownPath(given: string | string[] | undefined): string {
  if (typeof given !== "string" || !/^\/(?![/\\])[\x21-\x7e]*$/.test(given) || given.includes("\\")) return "/"
  const url = new URL(given, "http://andon.invalid")
  if (url.origin !== "http://andon.invalid" || url.pathname.startsWith("//")) return "/"
  return `${url.pathname}${url.search}${url.hash}`
}
