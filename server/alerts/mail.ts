import { createTransport } from "nodemailer"
import type { MailSettings } from "@/lib/alert-mail"
import type { Mail } from "@/policy/alerts/email"
import { plain } from "@/policy/alerts/message"

const LIMIT_MS = 10_000

type Mailed = { error: string | null; excerpt: string | null; isForGood: boolean }

type MailOptions = {
  limitMs?: number
  /** Aborted when this process ends. */
  stopping?: AbortSignal
}

/** Hands a message to the mail server of the installation. Never throws. */
export async function sendMail(
  settings: MailSettings,
  to: string[],
  mail: Mail,
  { limitMs = LIMIT_MS, stopping }: MailOptions = {},
): Promise<Mailed> {
  const transport = createTransport({
    url: settings.url,
    connectionTimeout: limitMs,
    greetingTimeout: limitMs,
    socketTimeout: limitMs,
    dnsTimeout: limitMs,
  })
  let cut = () => {}
  const tooLong = new Promise<never>((_, fail) => {
    cut = () => fail(Object.assign(new Error("late"), { code: "ETIMEDOUT" }))
  })
  const timer = setTimeout(cut, limitMs)
  stopping?.addEventListener("abort", cut)
  if (stopping?.aborted) cut()
  try {
    const sent = transport.sendMail({
      ...mail,
      from: settings.from,
      to,
      disableFileAccess: true,
      disableUrlAccess: true,
    })
    const { response, rejected } = await Promise.race([sent, tooLong])
    const excerpt = plain(response, 200) || null
    if (rejected.length === 0) return { error: null, excerpt, isForGood: false }
    return {
      error: `The mail server took it for some, and refused it for ${rejected.length}.`,
      excerpt,
      isForGood: true,
    }
  } catch (error) {
    return failed(error, limitMs)
  } finally {
    clearTimeout(timer)
    stopping?.removeEventListener("abort", cut)
    transport.close()
  }
}

/** The server's own words may hold what was sent to it, never its password: nodemailer sends that alone. */
function failed(error: unknown, limitMs: number): Mailed {
  const { code, responseCode, response } = error as { code?: string; responseCode?: number; response?: string }
  const excerpt = response ? plain(response, 200) : null
  if (code === "ETIMEDOUT")
    return { error: `The mail server did not answer within ${limitMs / 1000} s.`, excerpt, isForGood: false }
  if (code === "EAUTH")
    return { error: "The mail server refused the name or the password.", excerpt: null, isForGood: false }
  if (responseCode !== undefined && responseCode >= 500)
    return { error: `The mail server refused it (${responseCode}).`, excerpt, isForGood: true }
  if (responseCode !== undefined)
    return { error: `The mail server put it off (${responseCode}).`, excerpt, isForGood: false }
  return { error: `The mail server cannot be reached${code ? ` (${code})` : ""}.`, excerpt, isForGood: false }
}
