import { expect, it } from "vitest"
import { readMailSettings } from "./alert-mail"

const url = "smtps://ops:geheim@mail.example.org:465"

it("names a mail server and whom its mail is from, or none", () => {
  expect(readMailSettings({})).toBeNull()
  for (const from of ["andon@example.org", "Andon <andon@example.org>"])
    expect(readMailSettings({ ANDON_SMTP_URL: url, ANDON_SMTP_FROM: from })).toEqual({ url, from })
})

it.each([
  [{ ANDON_SMTP_URL: url }, /belong together/],
  [{ ANDON_SMTP_FROM: "andon@example.org" }, /belong together/],
  [
    { ANDON_SMTP_URL: "http://ops:geheim@mail.example.org", ANDON_SMTP_FROM: "andon@example.org" },
    /must begin with smtp/,
  ],
  [{ ANDON_SMTP_URL: url, ANDON_SMTP_FROM: "nobody" }, /e-mail address/],
  [{ ANDON_SMTP_URL: url, ANDON_SMTP_FROM: "a@example.org\r\nBcc: b@example.org" }, /e-mail address/],
])("what is wrong is said without the password", (env, words) => {
  expect(() => readMailSettings(env)).toThrow(words)
  try {
    readMailSettings(env)
  } catch (error) {
    expect(String(error)).not.toContain("geheim")
  }
})
