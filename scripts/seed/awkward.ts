import type { NativeEvent } from "@/lib/contracts/events"
import { RunDraft, sha256 } from "./draft"
import { Random } from "./random"
import type { Delivery, Scenario } from "./scenario"

/** Projects whose sizes and names break screens. */
const MINUTE = 60_000
const SONNET = { provider: "anthropic", model: "claude-sonnet-4-5" }

/** Markup, bidi controls, words without a break, other scripts, what spreadsheets take for formulas, what paths and patterns take for their own. */
const AWKWARD_NAMES = [
  "<script>window.__xss=1</script>",
  `"><img src=x onerror=window.__xss=1>`,
  "\u202etxt.exe\u202c invoice \u2066left\u2069",
  "W".repeat(252),
  "👩‍👩‍👧‍👦🏳️‍🌈 emoji flow 🧾",
  "请求处理流程·发票提取",
  "معالجة الفواتير",
  "e\u0301tape accentue\u0301e",
  '=HYPERLINK("http://127.0.0.1:9","x")',
  "100%_\\'; drop table runs; --",
  "a/b?c=d&e#f",
  "~",
] as const
const LONG_WORD = "x".repeat(10_000)

export const awkwardNames: Scenario = {
  title: "Names and outputs full of markup, bidi controls, 10,000-character words, emoji and other scripts",
  project: { slug: "awkward", name: "Awkward", zone: "Asia/Kathmandu" },
  expectedEvents: () => AWKWARD_NAMES.length * 6,
  deliveries: function* ({ until }) {
    for (const [i, name] of AWKWARD_NAMES.entries()) {
      const draft = new RunDraft(`awkward-${i + 1}`, until - (AWKWARD_NAMES.length - i) * 10 * MINUTE)
      const short = name.slice(0, 200)
      draft.started({
        workflow: name,
        agent: name,
        environment: short,
        release: short,
        plan: [name, "check"],
        checks: [name],
        tags: { team: short, customer: short, [short]: name },
      })
      draft.stepStarted(name)
      const payload = { role: "user", content: `${name} ![x](http://127.0.0.1:9/leak.png)`, [short]: [name, LONG_WORD] }
      draft.span({
        kind: "llm",
        name,
        ms: 1_500,
        provider: short,
        model: name,
        usage: { input: 10 + i, output: 3 },
        ...(i % 3 === 0 ? {} : { cost: `0.0${i + 1}` }),
        error: `${name} ${LONG_WORD}`,
        input: payload,
        output: `${LONG_WORD} ${name}`,
      })
      draft.stepFinished("failed", name)
      draft.verified(name, i % 2 === 0 ? "failed" : "error", sha256(name), { evidence: `${name} ${LONG_WORD}` })
      if (i % 2 === 0) draft.stepStarted("check").halted(name, `${name} ${LONG_WORD}`, short)
      else draft.finished("succeeded", { output: { sha256: sha256(name) } })
      yield { receivedAt: draft.clock, events: draft.events }
    }
  },
}

export const oneRun: Scenario = {
  title: "A project with a single run",
  project: { slug: "one-run", name: "One run", zone: "America/New_York" },
  expectedEvents: () => 5,
  deliveries: function* ({ until }) {
    const draft = new RunDraft("one-run", until - 5 * MINUTE)
    draft.started({ workflow: "first-try", agent: "novice", plan: ["answer"] })
    draft.stepStarted("answer").span({
      kind: "llm",
      name: "answer",
      ms: 2_000,
      ...SONNET,
      usage: { input: 1_200, output: 310 },
    })
    draft.stepFinished("succeeded").finished("succeeded", { output: { sha256: sha256("one-run") } })
    yield { receivedAt: draft.clock, events: draft.events }
  },
}

const WORKFLOWS = 10_000

export const manyWorkflows: Scenario = {
  title: "10,000 workflows with one run each, some of them halted or unproven",
  project: { slug: "many-workflows", name: "Many workflows", zone: "UTC" },
  expectedEvents: () => WORKFLOWS * 3,
  deliveries: function* ({ seed, until }) {
    const random = new Random(seed, "many-workflows")
    let events: NativeEvent[] = []
    const send = (): Delivery => {
      const delivery = { receivedAt: until, events }
      events = []
      return delivery
    }
    for (let i = 0; i < WORKFLOWS; i++) {
      const name = `workflow-${String(i + 1).padStart(5, "0")}`
      const draft = new RunDraft(`${name}-run`, until - random.int(2, 20 * 60) * MINUTE)
      draft.started({ workflow: name, agent: "worker", plan: i % 10 === 0 ? ["work"] : [] })
      draft.span({
        kind: "llm",
        name: "work",
        ms: random.int(500, 9_000),
        ...SONNET,
        usage: { input: 500, output: 50 },
      })
      if (i % 500 === 0) draft.halted("policy", "budget of the run is spent", "max_cost")
      else draft.finished(i % 50 === 0 ? "failed" : "succeeded", { output: { sha256: sha256(name) } })
      events.push(...draft.events)
      if (events.length >= 990) yield send()
    }
    if (events.length > 0) yield send()
  },
}
