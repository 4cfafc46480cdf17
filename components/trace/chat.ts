import {
  type ChatPart,
  fieldOf,
  isObject,
  type Json,
  parsed,
  readPart,
  text,
  without,
} from "@/components/trace/chat-part"

/** `ending` says in words that an answer ended otherwise than by itself; `rest` is what came with the message and is no part of it. */
type ChatMessage = {
  role: string
  name: string | null
  parts: ChatPart[]
  ending: string | null
  rest: Json | null
}
/** `rest`: what the payload holds beside the messages, such as the tools on offer. */
export type Chat = { messages: ChatMessage[]; rest: Json | null }

/**
 * Messages of a payload in the shapes that models take and give: OpenAI's chat and responses, Anthropic's content blocks, the parts of the GenAI
 * conventions and of Gemini. Null when it is none of them: then it is text or JSON, and nothing is guessed.
 */
export function readChat(value: unknown): Chat | null {
  const found = listOf(value)
  if (found === null || found.list.length === 0) return null
  const messages: ChatMessage[] = []
  for (const [message, wrapper] of found.list) {
    const read = readMessage(message)
    if (read === null) return null
    messages.push(wrapper === null ? read : withWrapper(read, wrapper))
  }
  const last = messages.at(-1)
  if (last && found.rest) last.ending ??= endingOf(found.rest)
  return { messages, rest: found.rest }
}

/** Each message with what it was wrapped in, such as a choice and why it ended. */
type Found = { list: [message: unknown, wrapper: Json | null][]; rest: Json | null }
const bare = (list: readonly unknown[]): Found["list"] => list.map((message) => [message, null])

function listOf(value: unknown): Found | null {
  if (Array.isArray(value)) return { list: bare(value), rest: null }
  if (!isObject(value)) return null
  const said = fieldOf(value, ["system", "system_instruction", "instructions"])
  const before = said === undefined ? [] : bare([{ role: "system", content: contentOf(value[said]) }])
  for (const name of ["messages", "contents", "input", "output"]) {
    const list = value[name]
    if (Array.isArray(list)) return { list: [...before, ...bare(list)], rest: without(value, [said, name]) }
  }
  for (const [name, of] of [
    ["choices", ["message", "delta"]],
    ["candidates", ["content"]],
  ] as const) {
    const list = value[name]
    if (!Array.isArray(list)) continue
    return { list: list.map((one) => unwrap(one, of)), rest: without(value, [name]) }
  }
  return "role" in value || isItem(value) ? { list: bare([value]), rest: null } : null
}

function unwrap(wrapper: unknown, names: readonly string[]): Found["list"][number] {
  if (!isObject(wrapper)) return [null, null]
  const field = fieldOf(wrapper, names)
  return field === undefined ? [null, null] : [wrapper[field], without(wrapper, [field])]
}

function withWrapper(message: ChatMessage, wrapper: Json): ChatMessage {
  const rest: Json = { ...message.rest }
  for (const [key, value] of Object.entries(wrapper)) rest[Object.hasOwn(rest, key) ? `choice.${key}` : key] = value
  return { ...message, rest, ending: endingOf(wrapper) ?? message.ending }
}

const contentOf = (value: unknown) => (isObject(value) && Array.isArray(value.parts) ? value.parts : value)

/** An item of OpenAI's responses that is no message: a call, its result, a thought. */
const isItem = (value: Json): boolean =>
  ["function_call", "function_call_output", "reasoning"].includes(text(value.type) ?? "")

function readMessage(value: unknown): ChatMessage | null {
  if (!isObject(value)) return null
  if (isItem(value)) {
    const part = readPart(value)
    const role = value.type === "function_call_output" ? "tool" : "assistant"
    return { role, name: null, parts: [{ ...part, rest: null }], ending: null, rest: part.rest }
  }
  const role = text(value.role)
  if (role === null) return null
  const body = fieldOf(value, ["content", "parts"])
  const parts = partsOf(body && value[body])
  if (parts === null) return null
  const name = text(value.name)
  const ending = endingOf(value)
  const drawn = ["role", name === null ? undefined : "name", body, value.type === "message" ? "type" : undefined]
  const id = text(value.tool_call_id)
  if (role === "tool" && id !== null) {
    const part: ChatPart = {
      kind: "result",
      name: name ?? "result",
      id,
      value: parsed(body && value[body]),
      rest: null,
    }
    return { role, name, parts: [part], ending, rest: without(value, [...drawn, "tool_call_id"]) }
  }
  const thoughtField = ["reasoning_content", "reasoning"].find((field) => text(value[field]) !== null)
  const thought: ChatPart[] = thoughtField ? [{ kind: "thought", text: value[thoughtField] as string, rest: null }] : []
  const calls = callsOf(value.tool_calls)
  const rest = without(value, [...drawn, thoughtField, calls ? "tool_calls" : undefined])
  return { role, name, parts: [...thought, ...parts, ...(calls ?? [])], ending, rest }
}

function partsOf(body: unknown): ChatPart[] | null {
  if (body === undefined || body === null) return []
  if (typeof body === "string") return body === "" ? [] : [{ kind: "text", text: body, rest: null }]
  if (Array.isArray(body)) return body.map(readPart)
  return isObject(body) ? [readPart(body)] : null
}

/** Null where they are not what calls look like: then they stay what they are. */
function callsOf(calls: unknown): ChatPart[] | null {
  if (!Array.isArray(calls) || !calls.every(isObject)) return null
  return calls.map((call) => {
    const made = isObject(call.function) ? call.function : call
    const field = fieldOf(made, ["arguments", "args", "input"])
    const inner = without(made, ["name", field, ...(made === call ? ["id", "type", "index"] : [])])
    const rest = made === call ? inner : without({ ...call, function: inner }, ["id", "type", "index"])
    return {
      kind: "call",
      name: text(made.name) ?? "call",
      id: text(call.id),
      value: parsed(field && made[field]),
      rest,
    }
  })
}

const CUT = /^(length|max_?tokens|max_output_tokens|model_context_window_exceeded|model_length)$/i
const FILTERED = /^(content_?filter(ed)?|safety|recitation|blocklist|prohibited_content|spii|guardrail_intervened)$/i
const USUAL =
  /^(stop|end_?turn|stop_?sequence|tool_?calls?|tool_?use|tool-calls|function_call|completed|complete|eos|eos_token)$/i

/** Why an answer ended, where it did not end by itself: null for one that did, and for one that does not say. */
function endingOf(value: Json): string | null {
  const field = ["finish_reason", "finishReason", "stop_reason", "stopReason"].find((name) => text(value[name]))
  const details = value.incomplete_details
  const reason = field ? text(value[field]) : isObject(details) ? text(details.reason) : null
  if (reason === null || USUAL.test(reason)) return null
  if (CUT.test(reason)) return "The answer was cut: it reached the limit of tokens."
  if (FILTERED.test(reason)) return "The answer was stopped by a filter of the provider."
  if (/^refusal$/i.test(reason)) return "The model refused to answer."
  return `The answer ended otherwise than by itself: ${reason.slice(0, 80)}.`
}
