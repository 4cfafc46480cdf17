/** The mail server that the operator names; null = none, and a channel by e-mail is refused. */
export type MailSettings = { url: string; from: string }

/** @throws Error in words for the operator; the address of the server holds a password and is never part of it. */
export function readMailSettings(env: Record<string, string | undefined>): MailSettings | null {
  const { ANDON_SMTP_URL: url, ANDON_SMTP_FROM: from } = env
  if (!url && !from) return null
  if (!url || !from) throw new Error("ANDON_SMTP_URL and ANDON_SMTP_FROM belong together: set both, or neither.")
  if (!/^smtps?:\/\/[^\s]+$/.test(url)) throw new Error("ANDON_SMTP_URL must begin with smtp:// or smtps://")
  if (!/^[^\r\n]*[^\s@<>]+@[^\s@<>]+>?$/.test(from))
    throw new Error("ANDON_SMTP_FROM must be an e-mail address, such as Andon <andon@example.org>.")
  return { url, from }
}

let own: MailSettings | null | undefined
/** Of this process's environment, read at first use. */
export function mailSettings(): MailSettings | null {
  if (own === undefined) own = readMailSettings(process.env)
  return own
}
