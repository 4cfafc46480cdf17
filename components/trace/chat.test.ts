import { describe, expect, test } from "vitest"
import { readChat } from "@/components/trace/chat"

const outline = (value: unknown) =>
  readChat(value)?.messages.map(
    ({ role, parts }) =>
      `${role}: ${parts.map((part) => ("text" in part ? `${part.kind} ${part.text}` : `${part.kind} ${part.name} ${JSON.stringify(part.value)}`)).join(" | ")}`,
  ) ?? null

describe("messages of a payload", () => {
  test("OpenAI chat: content, calls with their arguments, results", () => {
    expect(
      outline({
        messages: [
          { role: "system", content: "Be brief." },
          {
            role: "user",
            content: [
              { type: "text", text: "Hi" },
              { type: "image_url", image_url: { url: "http://x" } },
            ],
          },
          {
            role: "assistant",
            content: null,
            tool_calls: [{ id: "c1", function: { name: "look", arguments: '{"a":1}' } }],
          },
          { role: "tool", tool_call_id: "c1", content: "42" },
          { role: "tool", tool_call_id: "c1", content: '{"b":2}' },
        ],
      }),
    ).toEqual([
      "system: text Be brief.",
      'user: text Hi | other image_url {"type":"image_url","image_url":{"url":"http://x"}}',
      'assistant: call look {"a":1}',
      'tool: result result "42"',
      'tool: result result {"b":2}',
    ])
    expect(outline({ choices: [{ message: { role: "assistant", content: "Yes" } }] })).toEqual(["assistant: text Yes"])
  })
  test("OpenAI responses: items beside messages", () => {
    expect(
      outline({
        instructions: "Be brief.",
        input: [
          { role: "user", content: [{ type: "input_text", text: "Hi" }] },
          { type: "reasoning", summary: [{ text: "a" }, { text: "b" }] },
          { type: "function_call", name: "look", call_id: "c", arguments: "{}" },
          { type: "function_call_output", call_id: "c", output: "done" },
        ],
      }),
    ).toEqual([
      "system: text Be brief.",
      "user: text Hi",
      "assistant: thought a\nb",
      "assistant: call look {}",
      'tool: result result "done"',
    ])
  })
  test("Anthropic: system beside messages, thinking, tool use and its result", () => {
    expect(
      outline({
        system: [{ type: "text", text: "Be brief." }],
        messages: [
          {
            role: "assistant",
            content: [
              { type: "thinking", thinking: "hm" },
              { type: "tool_use", id: "t", name: "look", input: { a: 1 } },
            ],
          },
          {
            role: "user",
            content: [{ type: "tool_result", tool_use_id: "t", content: [{ type: "text", text: "42" }] }],
          },
        ],
      }),
    ).toEqual(["system: text Be brief.", 'assistant: thought hm | call look {"a":1}', 'user: result result "42"'])
  })
  test("GenAI parts and Gemini contents", () => {
    expect(outline([{ role: "user", parts: [{ type: "text", content: "Hi" }] }])).toEqual(["user: text Hi"])
    expect(
      outline({ contents: [{ role: "model", parts: [{ functionCall: { name: "look", args: { a: 1 } } }] }] }),
    ).toEqual(['model: call look {"a":1}'])
  })
  test("what is no message is kept beside them, and what is no part of a message with it", () => {
    const tools = [{ type: "function", function: { name: "look" } }]
    const asked = readChat({ model: "m", temperature: 0, tools, stop: [], seed: null, messages: [{ role: "user" }] })
    expect(asked?.rest).toEqual({ model: "m", temperature: 0, tools })
    const [said] = readChat([
      {
        role: "assistant",
        audio: { id: "a" },
        content: [
          { type: "text", text: "Hi", cache_control: { type: "ephemeral" } },
          { type: "thinking", thinking: "hm", signature: "s" },
          { type: "tool_result", tool_use_id: "t", content: "no", is_error: true },
          { functionCall: { name: "look", args: {}, will: 1 }, thoughtSignature: "g" },
        ],
        tool_calls: [
          { id: "c", type: "function", index: 0, function: { name: "look", arguments: "{}", strict: true } },
        ],
      },
    ])?.messages ?? [null]
    expect(said?.rest).toEqual({ audio: { id: "a" } })
    expect(said?.parts.map((part) => part.rest)).toEqual([
      { cache_control: { type: "ephemeral" } },
      { signature: "s" },
      { is_error: true },
      { functionCall: { will: 1 }, thoughtSignature: "g" },
      { function: { strict: true } },
    ])
    const odd = { role: "assistant", content: "x", tool_calls: ["look"] }
    expect(readChat([odd])?.messages[0], "calls in no known shape stay what they are").toMatchObject({
      parts: [{ kind: "text" }],
      rest: { tool_calls: ["look"] },
    })
  })
  test("an answer that did not end by itself says so, whoever gave it", () => {
    const last = (value: unknown) => readChat(value)?.messages.at(-1)
    const message = { role: "assistant", content: "So" }
    const choice = last({ id: "1", choices: [{ index: 0, finish_reason: "length", message }] })
    expect(choice).toMatchObject({ rest: { index: 0, finish_reason: "length" } })
    const cut = "The answer was cut: it reached the limit of tokens."
    expect(choice?.ending).toBe(cut)
    expect(last({ candidates: [{ finishReason: "MAX_TOKENS", content: { role: "model", parts: [] } }] })?.ending).toBe(
      cut,
    )
    expect(last({ ...message, stop_reason: "max_tokens" })?.ending).toBe(cut)
    expect(last([{ role: "assistant", parts: [], finish_reason: "length" }])?.ending).toBe(cut)
    const incomplete = { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } }
    expect(last({ ...incomplete, output: [message] })?.ending).toBe(cut)
    expect(last({ ...message, stop_reason: "refusal" })?.ending).toBe("The model refused to answer.")
    expect(last({ choices: [{ finish_reason: "content_filter", message }] })?.ending).toContain("filter")
    expect(last({ choices: [{ finish_reason: "pause_turn", message }] })?.ending).toContain("pause_turn")
    for (const usual of ["stop", "tool_calls", "function_call"])
      expect(last({ choices: [{ finish_reason: usual, message }] })?.ending).toBeNull()
    for (const usual of ["end_turn", "tool_use", "STOP"])
      expect(last({ ...message, stop_reason: usual })?.ending).toBeNull()
  })
  test("what is no conversation is not made one", () => {
    for (const value of ["text", 4, null, {}, [], [1, 2], [{ a: 1 }], { messages: [{ text: "no role" }] }, { role: 7 }])
      expect(readChat(value)).toBeNull()
  })
})
