import { expect, it } from "vitest"
import { weakness } from "@/access/password"

it.each([
  "short",
  "elevenchars",
  "password1234",
  "Password2024!",
  "P4ssw0rd!!!!",
  "!!password!!",
  "passwordpassword",
  "PasswordPassword1",
  "123456789012",
  "098765432109",
  "abcdefghijklm",
  "aaaaaaaaaaaaaaa",
  "qwertyuiopasdfghjkl",
  "qwertyuiop12",
  "1q2w3e1q2w3e",
  "iloveyou2024",
  "letmeinnow123",
  "correcthorsebatterystaple",
  "welcomehome!",
  "changeme1234",
  "ada.lovelace@example.com",
  "ada.lovelace1",
  "Ada.Lovelace!",
  "a".repeat(129),
])("refuses %s", (password) => {
  expect(weakness(password, "ada.lovelace@example.com")).toMatch(/^The password/)
})

it.each([
  "lantern over quiet water",
  "xK9#mQ2$vL7w",
  "839201748365",
  "Grünkohl mit Pinkel",
  "密码是一个很长很长的中文句子吧",
  "the quick brown fox is my password hint, not it",
  `${"x y".repeat(20)} and more`,
  "lantern over quiet water ".repeat(5),
])("takes %s: length, not composition", (password) => {
  expect(weakness(password, "ada.lovelace@example.com")).toBeNull()
})
