import { factsOf, headline, linkOf, type Message, plain, queueLink, reasonOf, titleOf } from "./message"

/** Slack reads these three as markup, and `<!channel>` wakes everybody. */
const quoted = (text: string) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;")
const mrkdwn = (text: string) => ({ type: "mrkdwn", text })
const words = (text: string) => ({ type: "plain_text", text, emoji: false })
const button = (text: string, url: string) => ({
  type: "actions",
  elements: [{ type: "button", text: words(text), url }],
})

/** Body of an incoming webhook. Within its limits: header 150, section 3,000, field 2,000, 10 fields, 50 blocks, some 13,000 characters in all. */
export function slackBody(message: Message): object {
  const title = headline(message, 150)
  return { text: quoted(title), blocks: [{ type: "header", text: words(title) }, ...blocksOf(message)] }
}

function blocksOf(message: Message): object[] {
  const { items, total, project } = message
  const [only] = items
  if (!only) return [{ type: "section", text: mrkdwn("This is how an alert will look here.") }]
  if (total === 1) {
    const reason = reasonOf(only)
    const facts = factsOf(only, project).slice(0, 10)
    return [
      ...(reason ? [{ type: "section", text: mrkdwn(quoted(reason)) }] : []),
      {
        type: "section",
        fields: facts.map(([label, value]) => mrkdwn(`*${label}*\n${quoted(value)}`)),
      },
      button("Open exception", linkOf(message, only)),
    ]
  }
  const lines = items.map((item) => ({
    type: "section",
    text: mrkdwn(
      [`<${linkOf(message, item)}|${quoted(plain(titleOf(item), 100))}>`, quoted(plain(reasonOf(item) ?? "", 90))]
        .filter(Boolean)
        .join("\n"),
    ),
  }))
  const more = total - items.length
  return [
    ...lines,
    ...(more > 0 ? [{ type: "context", elements: [mrkdwn(`and ${more.toLocaleString("en-US")} more`)] }] : []),
    button("Open the queue", queueLink(message)),
  ]
}
