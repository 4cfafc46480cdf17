/** One piece of a message: text that was said, or something else, named. */
export type ChatPart =
  | { kind: "text"; text: string }
  | { kind: "thought"; text: string }
  | { kind: "call"; name: string; id: string | null; value: unknown }
  | { kind: "result"; name: string; id: string | null; value: unknown }
  | { kind: "other"; name: string; value: unknown }
export type ChatMessage = { role: string; name: string | null; parts: ChatPart[] }

type Json = Record<string, unknown>
const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value)
const text = (value: unknown): string | null => (typeof value === "string" ? value : null)

/**
 * Messages of a payload in the shapes that models take and give: OpenAI's chat and responses, Anthropic's content blocks, the parts of the GenAI
 * conventions and of Gemini. Null when it is none of them: then it is text or JSON, and nothing is guessed.
 */
export function readChat(value: unknown): ChatMessage[] | null {
  const list = messagesOf(value)
  if (list === null || list.length === 0) return null
  const messages: ChatMessage[] = []
  for (const item of list) {
    const message = readMessage(item)
    if (message === null) return null
    messages.push(message)
  }
  return messages
}

function messagesOf(value: unknown): unknown[] | null {
  if (Array.isArray(value)) return value
  if (!isObject(value)) return null
  const system = value.system ?? value.system_instruction ?? value.instructions
  const before = system === undefined || system === null ? [] : [{ role: "system", content: contentOf(system) }]
  for (const name of ["messages", "contents", "input", "output"])
    if (Array.isArray(value[name])) return [...before, ...value[name]]
  if (Array.isArray(value.choices))
    return value.choices.map((choice) => (isObject(choice) ? (choice.message ?? choice.delta) : null))
  if (Array.isArray(value.candidates))
    return value.candidates.map((candidate) => (isObject(candidate) ? candidate.content : null))
  return "role" in value || isItem(value) ? [value] : null
}

const contentOf = (value: unknown) => (isObject(value) && Array.isArray(value.parts) ? value.parts : value)

/** An item of OpenAI's responses that is no message: a call, its result, a thought. */
const isItem = (value: Json): boolean =>
  ["function_call", "function_call_output", "reasoning"].includes(text(value.type) ?? "")

function readMessage(value: unknown): ChatMessage | null {
  if (!isObject(value)) return null
  if (isItem(value))
    return { role: value.type === "function_call_output" ? "tool" : "assistant", name: null, parts: [readPart(value)] }
  const role = text(value.role)
  if (role === null) return null
  const body = value.content ?? value.parts
  const parts = partsOf(body)
  if (parts === null) return null
  if (role === "tool" && text(value.tool_call_id) !== null)
    return {
      role,
      name: text(value.name),
      parts: [{ kind: "result", name: text(value.name) ?? "result", id: text(value.tool_call_id), value: body }],
    }
  const thought = text(value.reasoning_content) ?? text(value.reasoning)
  const said = thought === null ? parts : [{ kind: "thought" as const, text: thought }, ...parts]
  return { role, name: text(value.name), parts: [...said, ...callsOf(value.tool_calls)] }
}

function partsOf(body: unknown): ChatPart[] | null {
  if (body === undefined || body === null) return []
  if (typeof body === "string") return body === "" ? [] : [{ kind: "text", text: body }]
  if (Array.isArray(body)) return body.map(readPart)
  return isObject(body) ? [readPart(body)] : null
}

function callsOf(calls: unknown): ChatPart[] {
  if (!Array.isArray(calls)) return []
  return calls.filter(isObject).map((call) => {
    const made = isObject(call.function) ? call.function : call
    const name = text(made.name) ?? "call"
    return { kind: "call", name, id: text(call.id), value: parsed(made.arguments ?? made.args ?? made.input) }
  })
}

function readPart(part: unknown): ChatPart {
  if (typeof part === "string") return { kind: "text", text: part }
  if (!isObject(part)) return { kind: "other", name: "part", value: part }
  const type = text(part.type) ?? ""
  const words = text(part.text) ?? text(part.content)
  const id = text(part.id) ?? text(part.call_id) ?? text(part.tool_use_id) ?? text(part.toolCallId)
  if (isObject(part.functionCall))
    return { kind: "call", name: text(part.functionCall.name) ?? "call", id, value: part.functionCall.args }
  if (isObject(part.functionResponse))
    return {
      kind: "result",
      name: text(part.functionResponse.name) ?? "result",
      id,
      value: part.functionResponse.response,
    }
  if (/^(tool_use|tool_call|tool-call|function_call|server_tool_use)$/.test(type))
    return {
      kind: "call",
      name: text(part.name) ?? text(part.toolName) ?? "call",
      id,
      value: parsed(part.input ?? part.arguments ?? part.args),
    }
  if (/^(tool_result|tool_call_response|tool-result|function_call_output)$/.test(type))
    return {
      kind: "result",
      name: text(part.name) ?? text(part.toolName) ?? "result",
      id,
      value: plain(part.content ?? part.response ?? part.result ?? part.output),
    }
  if (/^(thinking|reasoning|thought)$/.test(type)) return { kind: "thought", text: thoughtOf(part) }
  if (words !== null && (type === "" || /text$/.test(type))) return { kind: "text", text: words }
  if (text(part.refusal) !== null) return { kind: "text", text: part.refusal as string }
  return { kind: "other", name: type || "part", value: part }
}

function thoughtOf(part: Json): string {
  const own = text(part.thinking) ?? text(part.text) ?? text(part.content) ?? text(part.reasoning)
  if (own !== null) return own
  const summary = Array.isArray(part.summary) ? part.summary.filter(isObject).map((one) => text(one.text) ?? "") : []
  return summary.length > 0 ? summary.join("\n") : "not shown by the model"
}

/** A result that is nothing but text blocks is that text. */
function plain(value: unknown): unknown {
  if (!Array.isArray(value)) return value
  const texts = value.map((one) => (isObject(one) && one.type === "text" ? text(one.text) : null))
  return texts.length > 0 && texts.every((one) => one !== null) ? texts.join("\n") : value
}

/** Arguments come as JSON in a string; what is no JSON stays the string that it is. */
export function parsed(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value
  try {
    return JSON.parse(value) as unknown
  } catch {
    return value
  }
}
