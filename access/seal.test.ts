import { expect, it } from "vitest"
import { seal, unseal } from "./seal"

const PEPPER = "a-pepper-of-this-installation-0123456789"

it("opens where it was sealed, and nowhere else", () => {
  const sealed = seal("https://hooks.slack.com/services/T/B/geheim", "1:2", PEPPER)
  expect(sealed).not.toContain("geheim")
  expect(Buffer.from(sealed.split(".")[3] ?? "", "base64url").toString()).not.toContain("geheim")
  expect(unseal(sealed, "1:2", PEPPER)).toBe("https://hooks.slack.com/services/T/B/geheim")
  expect(unseal(sealed, "1:3", PEPPER)).toBeNull()
  expect(unseal(sealed, "1:2", `${PEPPER}x`)).toBeNull()
  expect(unseal("nonsense", "1:2", PEPPER)).toBeNull()
})

it("what was changed does not open, and no two are alike", () => {
  const sealed = seal("text", "1:2", PEPPER)
  expect(seal("text", "1:2", PEPPER)).not.toBe(sealed)
  const [form, nonce, tag, body = ""] = sealed.split(".")
  const flipped = `${body.startsWith("A") ? "B" : "A"}${body.slice(1)}`
  expect(unseal([form, nonce, tag, flipped].join("."), "1:2", PEPPER)).toBeNull()
  expect(unseal([form, nonce, tag?.slice(0, 4), body].join("."), "1:2", PEPPER)).toBeNull()
})
