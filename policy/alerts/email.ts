import { factsOf, headline, linkOf, type Message, queueLink, reasonOf, titleOf } from "./message"

export type Mail = { subject: string; text: string; messageId: string; headers: Record<string, string> }

/** Text alone: nothing in it can be markup. The subject is one line; its characters are encoded by who sends it. */
export function emailOf(message: Message): Mail {
  const { items, total, project, origin } = message
  const host = new URL(origin).hostname.replace(/[[\]]/g, "")
  const title = headline(message, 200)
  const lines = [title, ""]
  const [only] = items
  if (!only) lines.push("This is how an alert will look here.")
  else if (total === 1) {
    const reason = reasonOf(only)
    if (reason) lines.push(reason, "")
    lines.push(...factsOf(only, project).map(([label, value]) => `${label}: ${value}`), "", linkOf(message, only))
  } else {
    for (const item of items) lines.push(titleOf(item), `  ${linkOf(message, item)}`)
    const more = total - items.length
    if (more > 0) lines.push(`and ${more.toLocaleString("en-US")} more`)
    lines.push("", queueLink(message))
  }
  return {
    subject: `[Andon] ${title}`,
    text: `${lines.join("\n")}\n`,
    messageId: `<${message.id}@${host}>`,
    // Nobody is away from an alert: no answers of machines to it.
    headers: { "auto-submitted": "auto-generated", "x-auto-response-suppress": "All" },
  }
}
