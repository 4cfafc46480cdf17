import { expect, test } from "vitest"
import { whoOf } from "./who"

test.each([
  ["user:anna@example.com", "anna@example.com"],
  ["key:ab12cd34", "key ab12cd34"],
  ["rule:T10", "rule T10"],
  ["andon", "Andon"],
  ["setup", "setup"],
  ["user:a:b", "a:b"],
  ["planner:v2", "planner:v2"],
  ["", ""],
])("%j is %j to a reader", (actor, words) => expect(whoOf(actor)).toBe(words))
