const KEY = "andon.draft."

/** What a text is typed for, and by whom: it is shown to nobody else who comes to use this tab. */
export type Draft = { of: string; by: string }

/** What was typed and not sent yet, as long as this tab lives; empty = nothing. */
export function readDraft({ of, by }: Draft): string {
  try {
    const [who, ...lines] = (window.sessionStorage.getItem(KEY + of) ?? "").split("\n")
    return who === by ? lines.join("\n") : ""
  } catch {
    return ""
  }
}

/** @param text empty when it was sent, or taken back. */
export function keepDraft({ of, by }: Draft, text: string): void {
  try {
    if (text === "") window.sessionStorage.removeItem(KEY + of)
    else window.sessionStorage.setItem(KEY + of, `${by}\n${text}`)
  } catch {
    // Without storage, or with a full one, it lives as long as its form.
  }
}
