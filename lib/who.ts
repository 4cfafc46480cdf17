/** Who acted, as a log names them, for a reader: `user:anna@example.com`, `key:ab12cd34`, `rule:T10`, `andon`. */
export function whoOf(actor: string): string {
  const [kind, ...rest] = actor.split(":")
  const name = rest.join(":")
  if (name === "") return actor === "andon" ? "Andon" : actor
  return kind === "key" || kind === "rule" ? `${kind} ${name}` : name
}
