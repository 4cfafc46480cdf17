import type { AssigneeList } from "@/lib/contracts/assignees"

type Known = AssigneeList["items"][number]
/** `email` null gives it back. */
export type Choice = { email: string | null; word: string; note: string }

const SHOWN = 50

export const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 }

/**
 * Whom to choose from: the reader first, then by name, then nobody where somebody has it. Who has it already is left out.
 * `hidden` = how many more there are, whom a longer name finds. @param find part of a name or address, in any case. @param now who has it;
 * undefined = several do.
 */
export function peopleFor(
  known: readonly Known[],
  me: { email: string },
  find: string,
  now: string | null | undefined,
): { people: Choice[]; hidden: number } {
  const part = find.trim().toLowerCase()
  const isMeant = ({ email, name }: Known) => `${name} ${email}`.toLowerCase().includes(part)
  const others = known.filter((one) => one.email !== now && isMeant(one))
  const inOrder = [
    ...others.filter(({ email }) => email === me.email),
    ...others.filter(({ email }) => email !== me.email),
  ]
  const people = inOrder.slice(0, SHOWN).map(({ email, name }) => ({
    email,
    word: email === me.email ? `Me, ${name}` : name,
    note: email,
  }))
  const nobody: Choice = { email: null, word: "Nobody", note: now ? `gives it back from ${now}` : "gives it back" }
  const hidden = inOrder.length - people.length
  return { people: now === null || part !== "" ? people : [...people, nobody], hidden }
}
