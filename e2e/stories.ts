const HASH = `sha256:${"a".repeat(64)}`

/** An agent that stops itself at its second step. Ten priced cents were spent. */
export function haltedRun(run: string, at = new Date(), workflow = "invoice-extraction"): object[] {
  const when = (seconds: number) => new Date(at.getTime() + seconds * 1000).toISOString()
  return [
    {
      id: `${run}:1`,
      type: "run.started",
      run,
      at: when(0),
      workflow,
      agent: "extractor",
      plan: ["fetch", "parse", "load"],
    },
    { id: `${run}:2`, type: "step.started", run, at: when(1), step: "fetch" },
    {
      id: `${run}:3`,
      type: "span",
      run,
      span: "a1",
      kind: "llm",
      name: "extract fields",
      step: "fetch",
      start: when(1),
      end: when(4),
      provider: "anthropic",
      model: "claude-sonnet-4-5",
      usage: { input: 1200, output: 310 },
      cost: "0.1",
      status: "ok",
      input: "the invoice",
      output: "its fields",
    },
    { id: `${run}:4`, type: "step.finished", run, at: when(5), step: "fetch", outcome: "succeeded" },
    { id: `${run}:5`, type: "step.started", run, at: when(6), step: "parse" },
    {
      id: `${run}:6`,
      type: "run.halted",
      run,
      at: when(8),
      by: "agent",
      step: "parse",
      reason: "schema mismatch: 14 columns, not 11",
    },
  ]
}

type Priced = { workflow: string; release: string; cost: string; at: Date }

/** A run that did what it should; two calls, of which the second cost the money. */
export function pricedRun(run: string, { workflow, release, cost, at }: Priced): object[] {
  const when = (seconds: number) => new Date(at.getTime() + seconds * 1000).toISOString()
  const call = { type: "span", run, kind: "llm", provider: "anthropic", model: "claude-sonnet-4-5", status: "ok" }
  return [
    { id: `${run}:1`, type: "run.started", run, at: when(0), workflow, agent: "writer", release, plan: ["draft"] },
    { id: `${run}:2`, type: "step.started", run, at: when(1), step: "draft" },
    {
      ...call,
      id: `${run}:3`,
      span: "s1",
      name: "outline",
      step: "draft",
      start: when(1),
      end: when(2),
      usage: { input: 80, output: 20 },
      cost: "0",
    },
    {
      ...call,
      id: `${run}:4`,
      span: "s2",
      name: "read everything again",
      step: "draft",
      start: when(2),
      end: when(5),
      usage: { input: 90_000, output: 700 },
      cost,
    },
    { id: `${run}:5`, type: "step.finished", run, at: when(6), step: "draft", outcome: "succeeded" },
    { id: `${run}:6`, type: "run.finished", run, at: when(7), outcome: "succeeded" },
  ]
}

/** A run that claims success, skipped a declared step, and whose required check failed on the final output. */
export function unprovenRun(run: string, at = new Date()): object[] {
  const when = (seconds: number) => new Date(at.getTime() + seconds * 1000).toISOString()
  return [
    {
      id: `${run}:1`,
      type: "run.started",
      run,
      at: when(0),
      workflow: "ledger-migration",
      agent: "migrator",
      plan: ["read", "enrich", "write"],
      checks: ["row_count_check"],
    },
    { id: `${run}:2`, type: "step.started", run, at: when(1), step: "read" },
    { id: `${run}:3`, type: "step.finished", run, at: when(2), step: "read", outcome: "succeeded" },
    { id: `${run}:4`, type: "step.started", run, at: when(3), step: "write" },
    {
      id: `${run}:5`,
      type: "span",
      run,
      span: "w1",
      kind: "llm",
      name: "write rows",
      step: "write",
      start: when(3),
      end: when(4),
      provider: "openai",
      model: "gpt-5-mini",
      usage: { input: 900, output: 40 },
    },
    { id: `${run}:6`, type: "step.finished", run, at: when(5), step: "write", outcome: "succeeded" },
    {
      id: `${run}:7`,
      type: "verification",
      run,
      at: when(6),
      check: "row_count_check",
      outcome: "failed",
      score: 0.4,
      threshold: 0.9,
      evidence: "312 rows are missing",
      artifact: HASH,
      verifier: { name: "row_count.sh", hash: HASH },
    },
    { id: `${run}:8`, type: "run.finished", run, at: when(7), outcome: "succeeded", output: { sha256: HASH } },
  ]
}

/** What an attacker would call things; each would leave a mark on the page if it were read as anything but text. */
export const HOSTILE = [
  "<script>window.__xss=1</script>",
  `"><img src=x onerror=window.__xss=1>`,
  "</script><svg onload=window.__xss=1>",
  "{{7*7}}<%= 7*7 %>",
  "javascript:window.__xss=1",
  "]]><!--<b>bold</b>-->",
] as const

/** A run all of whose names, texts and labels are hostile. */
export function hostileRun(run: string, name: string, at = new Date()): object[] {
  const when = (seconds: number) => new Date(at.getTime() + seconds * 1000).toISOString()
  const payload = { role: "user", content: `${name} ![x](http://127.0.0.1:9/leak.png)`, [name]: name }
  return [
    {
      id: `${run}:1`,
      type: "run.started",
      run,
      at: when(0),
      workflow: name,
      agent: name,
      environment: name,
      release: name,
      plan: [name],
      checks: [name],
      tags: { team: name, customer: name, label: name },
    },
    { id: `${run}:2`, type: "step.started", run, at: when(1), step: name },
    {
      id: `${run}:3`,
      type: "span",
      run,
      span: "s1",
      kind: "llm",
      name,
      step: name,
      start: when(1),
      end: when(2),
      provider: name,
      model: name,
      usage: { input: 10 },
      status: "error",
      error: name,
      input: payload,
      output: name,
    },
    { id: `${run}:4`, type: "step.finished", run, at: when(3), step: name, outcome: "failed", error: name },
    {
      id: `${run}:5`,
      type: "verification",
      run,
      at: when(4),
      check: name,
      outcome: "failed",
      evidence: name,
      verifier: { name },
    },
    { id: `${run}:6`, type: "run.halted", run, at: when(5), by: name, step: name, reason: name, rule: name },
  ]
}
