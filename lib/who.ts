/** Who acted, as a log names them, for a reader: `user:anna@example.com`, `key:ab12cd34`, `rule:T10`, `andon`. */
export function whoOf(actor: string): string {
  // A run may name whoever it likes as having halted it: only what Andon writes itself is read.
  if (actor === "andon") return "Andon"
  return actor.replace(/^(user|key|rule):(?=.)/s, (_, kind: string) => (kind === "user" ? "" : `${kind} `))
}
