import { describe, expect, test } from "vitest"
import { readChat } from "@/components/trace/chat"

const outline = (value: unknown) =>
  readChat(value)?.map(
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
        ],
      }),
    ).toEqual([
      "system: text Be brief.",
      'user: text Hi | other image_url {"type":"image_url","image_url":{"url":"http://x"}}',
      'assistant: call look {"a":1}',
      'tool: result result "42"',
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
  test("what is no conversation is not made one", () => {
    for (const value of ["text", 4, null, {}, [], [1, 2], [{ a: 1 }], { messages: [{ text: "no role" }] }, { role: 7 }])
      expect(readChat(value)).toBeNull()
  })
})
