import { Digits, parseExactly } from "@/components/trace/digits"

export type Json = Record<string, unknown>
export const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Digits)
export const text = (value: unknown): string | null => (typeof value === "string" ? value : null)

type What =
  | { kind: "text"; text: string }
  | { kind: "thought"; text: string }
  | { kind: "call"; name: string; id: string | null; value: unknown }
  | { kind: "result"; name: string; id: string | null; value: unknown }
  | { kind: "other"; name: string; value: unknown }
/** One piece of a message: text that was said, or something else, named. `rest` is what the piece carried beside that. */
export type ChatPart = What & { rest: Json | null }

/** What of an object is not drawn; null where the other fields say nothing. */
export function without(value: Json, drawn: readonly (string | undefined)[]): Json | null {
  const left = Object.entries(value).filter(
    ([key, one]) =>
      !drawn.includes(key) && one !== null && one !== undefined && !(Array.isArray(one) && one.length === 0),
  )
  return left.length === 0 ? null : Object.fromEntries(left)
}

/** The first of the fields that is there. */
export const fieldOf = (value: Json, names: readonly string[]): string | undefined =>
  names.find((name) => value[name] !== undefined && value[name] !== null)

const IDS = ["id", "call_id", "tool_use_id", "toolCallId"]
const NAMES = ["name", "toolName"]
const CALL = /^(tool_use|tool_call|tool-call|function_call|server_tool_use)$/
const RESULT = /^(tool_result|tool_call_response|tool-result|function_call_output)$/
const THOUGHT = /^(thinking|reasoning|thought)$/

export function readPart(part: unknown): ChatPart {
  if (typeof part === "string") return { kind: "text", text: part, rest: null }
  if (!isObject(part)) return { kind: "other", name: "part", value: part, rest: null }
  const type = text(part.type) ?? ""
  const idField = IDS.find((name) => text(part[name]) !== null)
  const id = idField ? text(part[idField]) : null
  for (const [field, kind, value] of [
    ["functionCall", "call", "args"],
    ["functionResponse", "result", "response"],
  ] as const) {
    const made = part[field]
    if (!isObject(made)) continue
    const inner = without(made, ["name", value])
    const rest = without({ ...part, [field]: inner }, ["type", idField])
    return { kind, name: text(made.name) ?? kind, id, value: made[value], rest }
  }
  const nameField = NAMES.find((name) => text(part[name]) !== null)
  const name = nameField ? text(part[nameField]) : null
  if (CALL.test(type)) {
    const field = fieldOf(part, ["input", "arguments", "args"])
    const rest = without(part, ["type", idField, nameField, field])
    return { kind: "call", name: name ?? "call", id, value: parsed(field && part[field]), rest }
  }
  if (RESULT.test(type)) {
    const field = fieldOf(part, ["content", "response", "result", "output"])
    const rest = without(part, ["type", idField, nameField, field])
    return { kind: "result", name: name ?? "result", id, value: parsed(plain(field && part[field])), rest }
  }
  if (THOUGHT.test(type)) return readThought(part)
  const said = ["text", "content"].find((field) => text(part[field]) !== null)
  if (said && (type === "" || /text$/.test(type)))
    return { kind: "text", text: part[said] as string, rest: without(part, ["type", said]) }
  if (text(part.refusal) !== null)
    return { kind: "text", text: part.refusal as string, rest: without(part, ["type", "refusal"]) }
  return { kind: "other", name: type || "part", value: part, rest: null }
}

function readThought(part: Json): ChatPart {
  const own = ["thinking", "text", "content", "reasoning"].find((field) => text(part[field]) !== null)
  if (own) return { kind: "thought", text: part[own] as string, rest: without(part, ["type", own]) }
  const summary = Array.isArray(part.summary) ? part.summary.filter(isObject).map((one) => text(one.text) ?? "") : []
  if (summary.length === 0) return { kind: "thought", text: "not shown by the model", rest: without(part, ["type"]) }
  return { kind: "thought", text: summary.join("\n"), rest: without(part, ["type", "summary"]) }
}

/** A result that is nothing but text blocks is that text. */
function plain(value: unknown): unknown {
  if (!Array.isArray(value)) return value
  const texts = value.map((one) =>
    isObject(one) && one.type === "text" && without(one, ["type", "text"]) === null ? text(one.text) : null,
  )
  return texts.length > 0 && texts.every((one) => one !== null) ? texts.join("\n") : value
}

/** Arguments and results come as JSON in a string; what is no JSON stays the string that it is. */
export function parsed(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value
  try {
    return parseExactly(value)
  } catch {
    return value
  }
}
