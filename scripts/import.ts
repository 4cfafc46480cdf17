import { existsSync } from "node:fs"
import { parseArgs } from "node:util"
import { importTrace } from "@/scripts/import/import-trace"
import { progress } from "@/scripts/lib/progress"
import { RefusedError } from "@/scripts/lib/send-events"
import { runScript, say } from "@/scripts/lib/with-database"

const USAGE = `usage: npm run import -- azure-trace FILE --provider P --model M [--url URL] [--key KEY]

  azure-trace  the public Azure LLM inference traces: TIMESTAMP,ContextTokens,GeneratedTokens
  --provider, --model   required: the file names none, and without them nothing has a price
  --url        address of Andon (default: ANDON_URL, else http://127.0.0.1:3000)
  --key        ingest key (default: ANDON_KEY); its project receives the events`

/** Says all that is missing at once, so that nobody finds out one flag at a time. */
function problems(values: Record<string, string | undefined>, positionals: string[]): string[] {
  const [format, file] = positionals
  const found: string[] = []
  if (format !== "azure-trace") found.push(`unknown format "${format ?? ""}": azure-trace is the one there is`)
  if (!file) found.push("FILE is missing")
  else if (!existsSync(file)) found.push(`there is no file ${file}`)
  if (!values.provider) found.push("--provider is missing: the file names none")
  if (!values.model) found.push("--model is missing: the file names none")
  if (!values.key) found.push("--key is missing (or ANDON_KEY): an ingest key of the project that receives the events")
  return found
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      provider: { type: "string" },
      model: { type: "string" },
      url: { type: "string", default: process.env.ANDON_URL || "http://127.0.0.1:3000" },
      key: { type: "string", default: process.env.ANDON_KEY ?? "" },
    },
  })
  const found = problems(values, positionals)
  if (found.length > 0) {
    say(`${found.join("\n")}\n\n${USAGE}`)
    return 2
  }
  const { url, key, provider = "", model = "" } = values
  const [, file = ""] = positionals
  const bar = progress(`importing ${file}`, null, { unit: "rows" })
  const started = performance.now()
  try {
    const sum = await importTrace(
      file,
      { provider, model },
      { url, key },
      {
        onProgress: (rows) => bar.update(rows),
        onAttempt: (attempt) => attempt.answer === null && say(`attempt ${attempt.number}: ${attempt.reason}`),
      },
    )
    const seconds = (performance.now() - started) / 1000
    bar.finish(
      `sent ${sum.rows} rows in ${seconds.toFixed(1)} s: ${sum.accepted} accepted, ${sum.duplicates} duplicates, ${sum.conflicts} conflicts, ${sum.rejected} rejected`,
    )
    process.stdout.write(
      `calls ${sum.rows}, input tokens ${sum.input}, output tokens ${sum.output} (${provider} ${model})\n`,
    )
    for (const refusal of sum.refusals) say(`  refused ${refusal}`)
    return sum.conflicts + sum.rejected === 0 ? 0 : 1
  } catch (error) {
    if (error instanceof RefusedError && (error.status === 401 || error.status === 403))
      throw new Error(`${url} does not take this key: ${error.message}`, { cause: error })
    throw error
  }
}

runScript(main)
