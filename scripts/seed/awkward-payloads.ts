import { RunDraft, sha256 } from "./draft"
import type { Scenario } from "./scenario"

/** What models take and give, in the shapes that break the views of it. */
const MINUTE = 60_000
const GPT = { provider: "openai", model: "gpt-5-mini" }
const SONNET = { provider: "anthropic", model: "claude-sonnet-4-5" }

/** Beyond what a double holds: as text it keeps every digit. */
const BIG_ORDER = "107505301260286111"
const PIXEL =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
const HOSTILE = "<img src=x onerror=window.__xss=1> \u202etxt.exe\u202c \u2066left\u2069 معالجة الفواتير 👩‍👩‍👧‍👦 請求"

const tool = (name: string, properties: Record<string, unknown>) => ({
  type: "function",
  function: { name, description: `Looks up ${name}.`, parameters: { type: "object", properties } },
})
const TOOLS = [
  tool("find_order", { id: { type: "integer" } }),
  tool("refund", { id: { type: "integer" }, amount: { type: "string" } }),
]

/** A conversation as an agent keeps sending it: everything said so far, calls and results among it. */
function conversation(rounds: number): object[] {
  const messages: object[] = [
    { role: "system", content: "You answer customers. Look an order up before you speak of it." },
    {
      role: "user",
      content: [
        { type: "text", text: `Where is my order ${BIG_ORDER}? See the picture.` },
        { type: "image_url", image_url: { url: PIXEL, detail: "low" } },
      ],
    },
  ]
  for (let i = 1; i <= rounds; i++) {
    const id = `call_${i}`
    const order = `{"id":${BIG_ORDER},"line":${i}}`
    messages.push(
      {
        role: "assistant",
        content: null,
        refusal: null,
        tool_calls: [{ id, type: "function", function: { name: "find_order", arguments: order } }],
      },
      { role: "tool", tool_call_id: id, content: `{"order":${BIG_ORDER},"line":${i},"weight":0.1234567890123456789}` },
      { role: "user", content: `And line ${i + 1}?` },
    )
  }
  return messages
}

export const awkwardPayloads: Scenario = {
  title: "A conversation with tools, a cut answer, big integers, broken JSON, markup, and outputs of nothing",
  project: { slug: "awkward-payloads", name: "Awkward payloads", zone: "UTC" },
  expectedEvents: () => 16,
  deliveries: function* ({ until }) {
    const draft = new RunDraft("awkward-payloads", until - 10 * MINUTE)
    draft.started({
      workflow: "support-answer",
      agent: "answerer",
      plan: ["ask", "look", "write"],
      tags: { team: "support" },
    })
    const ask = { model: "gpt-5-mini", temperature: 0.2, tool_choice: "auto", tools: TOOLS }
    const call = { kind: "llm", ...GPT, usage: { input: 4_100, output: 900 } } as const
    draft.stepStarted("ask")
    draft.span({
      ...call,
      name: "long conversation, answer cut",
      ms: 21_300,
      input: { ...ask, max_completion_tokens: 900, messages: conversation(6) },
      output: {
        id: "chatcmpl-1",
        choices: [
          {
            index: 0,
            finish_reason: "length",
            message: { role: "assistant", content: "Line seven is with the carrier and wi" },
          },
        ],
        usage: { prompt_tokens: 4_100, completion_tokens: 900 },
      },
    })
    draft.span({
      ...call,
      name: "answer that calls a tool",
      ms: 4_200,
      input: { ...ask, messages: conversation(1) },
      output: {
        choices: [
          {
            index: 0,
            finish_reason: "tool_calls",
            message: {
              role: "assistant",
              content: "",
              tool_calls: [
                {
                  id: "call_9",
                  type: "function",
                  function: { name: "refund", arguments: `{"id":${BIG_ORDER},"amount":"12.50"}` },
                },
              ],
            },
          },
        ],
      },
    })
    draft.stepFinished("succeeded").stepStarted("look")
    draft.span({
      kind: "tool",
      name: "big integers as text",
      ms: 350,
      input: `{"id":${BIG_ORDER}}`,
      output: `[{"order":${BIG_ORDER},"rate":0.12345678901234567890123}]`,
    })
    draft.span({ kind: "tool", name: "broken JSON", ms: 80, input: `{"id":${BIG_ORDER}`, output: `{"order":` })
    draft.span({ kind: "tool", name: "output of no character", ms: 5, input: { path: "/empty" }, output: "" })
    draft.span({ kind: "tool", name: "output of null", ms: 5, input: { path: "/null" }, output: null })
    draft.stepFinished("succeeded").stepStarted("write")
    draft.span({
      ...SONNET,
      kind: "llm",
      name: "blocks, markup and a long word",
      ms: 9_700,
      usage: { input: 2_000, output: 400 },
      input: {
        system: [{ type: "text", text: "Be brief.", cache_control: { type: "ephemeral" } }],
        max_tokens: 400,
        messages: [{ role: "user", content: HOSTILE }],
      },
      output: {
        role: "assistant",
        stop_reason: "max_tokens",
        content: [
          { type: "thinking", thinking: "What do they want?", signature: "c2lnbmF0dXJl" },
          { type: "text", text: `${HOSTILE} ${"x".repeat(10_000)}` },
        ],
      },
    })
    draft.span({
      kind: "llm",
      name: "model without a price",
      ms: 1_400,
      provider: "inhouse",
      model: "atlas-70b-preview",
      usage: { input: 700, output: 60 },
      input: [{ role: "user", parts: [{ type: "text", content: "Say it again." }] }],
      output: [{ role: "assistant", parts: [{ type: "text", content: "It is on its way." }], finish_reason: "stop" }],
    })
    draft.stepFinished("succeeded").finished("succeeded", { output: { sha256: sha256("awkward-payloads") } })
    yield { receivedAt: draft.clock, events: draft.events }
  },
}
