import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto"

/**
 * Secrets that Andon itself must use again, sealed before they are stored: AES-256-GCM under a key that HKDF makes of the installation's pepper. `bound`
 * names the place that it belongs to: moved to another row it does not open.
 */
const FORM = "v1"

function keyOf(pepper: string): Buffer {
  return Buffer.from(hkdfSync("sha256", pepper, "", "andon alert channels", 32))
}

export function seal(text: string, bound: string, pepper: string): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv("aes-256-gcm", keyOf(pepper), nonce).setAAD(Buffer.from(bound))
  const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()])
  return [FORM, ...[nonce, cipher.getAuthTag(), body].map((part) => part.toString("base64url"))].join(".")
}

/** Null when it was sealed by another installation, for another place, or is damaged. */
export function unseal(sealed: string, bound: string, pepper: string): string | null {
  const [form, nonce, tag, body] = sealed.split(".")
  if (form !== FORM || !nonce || !tag || body === undefined) return null
  try {
    const decipher = createDecipheriv("aes-256-gcm", keyOf(pepper), Buffer.from(nonce, "base64url"), {
      authTagLength: 16,
    })
    decipher.setAAD(Buffer.from(bound)).setAuthTag(Buffer.from(tag, "base64url"))
    return Buffer.concat([decipher.update(Buffer.from(body, "base64url")), decipher.final()]).toString("utf8")
  } catch {
    return null
  }
}
