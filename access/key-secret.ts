import { createHmac, randomBytes, timingSafeEqual } from "node:crypto"

/** `andon_live_<8 characters, public>_<43 base64url characters, 256 bits>`. */
const FORM = /^andon_live_([A-Za-z0-9]{8})_([A-Za-z0-9_-]{43})$/
const ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"

export type KeySecret = { publicId: string; secret: string; text: string }

export function makeKeySecret(): KeySecret {
  let publicId = ""
  // 57 letters: bytes from 228 on would favour the first of them.
  while (publicId.length < 8) {
    const byte = randomBytes(1)[0] as number
    if (byte < 228) publicId += ALPHABET[byte % ALPHABET.length]
  }
  const secret = randomBytes(32).toString("base64url")
  return { publicId, secret, text: `andon_live_${publicId}_${secret}` }
}

export function parseKeySecret(text: string): KeySecret | null {
  const parts = FORM.exec(text)
  return parts ? { publicId: parts[1] as string, secret: parts[2] as string, text } : null
}

/** A key that a person made up: 43 random characters have 31 different ones on average, and fewer than 20 once in ten million. */
export function isWeakKeySecret(key: KeySecret): boolean {
  return (
    new Set(key.secret).size < 20 ||
    /(.)\1{4}/.test(key.secret) ||
    /0123456789|abcdefghij|example|changeme/i.test(key.secret)
  )
}

/** What is stored. The secret has 256 bits: a slow hash would only let a caller burn our CPU. */
export function keyHmac(pepper: string, secret: string): string {
  return createHmac("sha256", pepper).update(secret).digest("hex")
}

/** Constant time; `stored` null runs the same work against a dummy, so that an unknown id takes as long as a wrong secret. */
export function matchesHmac(pepper: string, secret: string, stored: string | null): boolean {
  const presented = Buffer.from(keyHmac(pepper, secret), "hex")
  const expected = stored === null ? Buffer.alloc(32) : Buffer.from(stored, "hex")
  return presented.length === expected.length && timingSafeEqual(presented, expected) && stored !== null
}
