import type { z } from "zod"

type Issue = z.core.$ZodRawIssue

const TYPES: Record<string, string> = { string: "text", number: "a number", boolean: "true or false", array: "a list" }
const FORMS: Record<string, string> = { email: "an e-mail address", url: "an address such as https://example.org" }

/** What is wrong with an input, for whoever typed it, where the contract has no words of its own; undefined leaves it to the library. */
export function issueWords(issue: Issue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined
        ? "must be given"
        : `must be ${TYPES[issue.expected] ?? `of the type ${issue.expected}`}`
    case "too_big":
      return `must be at most ${sized(issue.origin, issue.maximum)}`
    case "too_small":
      return issue.origin === "string" && Number(issue.minimum) === 1
        ? "must not be empty"
        : `must be at least ${sized(issue.origin, issue.minimum)}`
    case "invalid_format":
      return FORMS[issue.format] ? `must be ${FORMS[issue.format]}` : undefined
    case "invalid_value":
      return `must be one of ${issue.values.map(String).join(", ")}`
    case "unrecognized_keys":
      return `has a field that is not known: ${issue.keys.join(", ")}`
    default:
      return undefined
  }
}

function sized(origin: string, size: number | bigint): string {
  if (origin === "string") return `${size} characters`
  return origin === "array" ? `${size} in number` : String(size)
}
