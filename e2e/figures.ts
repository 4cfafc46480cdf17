import type { Page } from "@playwright/test"

/** A number of a page that is a link: what it says exactly, where it leads, and the column that it stands in. */
export type Figure = { page: string; href: string; kind: Kind; value: string; said: string; column: string }
export type Kind = "money" | "tokens" | "count"

type Seen = { href: string; text: string; titles: string[]; label: string; column: string }

/** The links of a page that are numbers, by what they say exactly: in a title, in their name for those who hear them, else in their text. */
export async function figuresOf(page: Page, path: string): Promise<{ figures: Figure[]; vague: string[] }> {
  const links = await page.locator("main a[href^='/']").evaluateAll((elements) =>
    // The head of a row is a name, even where a release is called 2.6, and so is what has its own direction of writing.
    elements
      .filter((link) => link.closest("th") === null && link.firstElementChild?.tagName !== "BDI")
      .map((link): Seen => {
        const cell = link.closest("td")
        const heads = cell?.closest("table")?.querySelectorAll("thead th")
        return {
          href: link.getAttribute("href") ?? "",
          text: (link as HTMLElement).innerText.trim(),
          titles: [link, ...link.querySelectorAll("[title]")].flatMap((element) => element.getAttribute("title") ?? []),
          label: link.getAttribute("aria-label") ?? "",
          column: (cell && heads?.item(cell.cellIndex)?.textContent) ?? "",
        }
      }),
  )
  const figures: Figure[] = []
  const vague: string[] = []
  for (const link of links) {
    const exact = [...link.titles, link.label, link.text].map(readExact).find((found) => found !== null)
    if (exact) figures.push({ page: path, href: link.href, said: link.text, column: link.column, ...exact })
    else if (/^-?[$€£]?[\d.,]+\s?(%|[kMB]\b|$)/.test(link.text))
      vague.push(`${path}: "${link.text}" leads to ${link.href}`)
  }
  return { figures, vague }
}

/** "1,234", "1,234 runs of …", "0.25 USD", "1,234 tokens": whole or exact. Not "$1.20", "69 %", "1.2k" or "20 Nov", which are rounded or no numbers. */
function readExact(text: string): { kind: Kind; value: string } | null {
  const [, number = "", unit = ""] = /^(-?[\d,]+(?:\.\d+)?)(?: ([A-Z]{3})$| ([a-z].*)$|$)/s.exec(text) ?? []
  const word = text.slice(number.length + 1)
  const value = number.replaceAll(",", "")
  if (number === "") return null
  if (unit !== "") return { kind: "money", value }
  if (value.includes(".")) return null
  return { kind: word === "tokens" ? "tokens" : "count", value }
}
