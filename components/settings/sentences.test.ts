import { expect, test } from "vitest"
import { keysSentence, membersSentence, warningsSentence } from "@/components/settings/sentences"
import type { Key, Member } from "@/lib/contracts/access"

const AT = "2026-11-20T10:00:00.000Z"
const key = (more: Partial<Key>): Key => ({
  id: 1,
  name: "ci",
  hint: "andon_live_x",
  scopes: [],
  environment: null,
  state: "active",
  created_by: null,
  created_at: AT,
  expires_at: AT,
  expires_within_days: null,
  last_used_at: AT,
  last_used_ip: null,
  revoked_at: null,
  ...more,
})
const member = (role: Member["role"], is_disabled = false): Member => ({
  id: role,
  name: role,
  email: `${role}@example.com`,
  role,
  is_disabled,
  sessions: 0,
  created_at: AT,
})

test("keys are counted by those that work, and what needs a person soon is said", () => {
  expect(keysSentence([key({ state: "revoked" })])).toBe("No key works: nothing can be sent to this project.")
  expect(keysSentence([key({}), key({ state: "expired", last_used_at: null })])).toBe("1 key works.")
  expect(keysSentence([key({ last_used_at: null })])).toBe("1 key works, never used yet.")
  expect(keysSentence([key({}), key({ last_used_at: null, expires_within_days: 3 })])).toBe(
    "2 keys work, 1 never used; 1 expires within two weeks.",
  )
})
test("members are counted by what they may do, the disabled apart", () => {
  expect(membersSentence([member("admin")])).toBe("1 member: 1 admin.")
  expect(membersSentence([member("viewer"), member("viewer"), member("finance"), member("admin", true)])).toBe(
    "3 members: 1 finance, 2 viewers; 1 disabled.",
  )
})
test("warnings are counted, and a count that was capped says so", () => {
  expect(warningsSentence({ value: 0, is_capped: false }, false)).toBe(
    "Nothing was refused or contradicts an earlier event.",
  )
  expect(warningsSentence({ value: 1, is_capped: false }, false)).toBe(
    "1 item was refused or contradicts an earlier one.",
  )
  expect(warningsSentence({ value: 50, is_capped: true }, true)).toBe(
    "50+ items of this reason and source were refused or contradict an earlier one.",
  )
})
