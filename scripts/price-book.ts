import { readFileSync, writeFileSync } from "node:fs"
import { ALWAYS, convertLitellm } from "@/ingest/litellm"

/** `tsx scripts/price-book.ts FILE DATE`: makes db/price-book.json from LiteLLM's price file, as of DATE (YYYY-MM-DD). */
const [file, date] = process.argv.slice(2)
if (!file || !date || !/^\d{4}-\d{2}-\d{2}$/.test(date)) {
  process.stderr.write("usage: tsx scripts/price-book.ts model_prices_and_context_window.json YYYY-MM-DD\n")
  process.exit(2)
}
const rows = convertLitellm(readFileSync(file, "utf8"), { validFrom: ALWAYS, sourceDate: date })
const target = new URL("../db/price-book.json", import.meta.url)
writeFileSync(target, `[\n${rows.map((row) => `  ${JSON.stringify(row)}`).join(",\n")}\n]\n`)
process.stdout.write(`${rows.length} rows, ${new Set(rows.map((row) => `${row.provider} ${row.model}`)).size} models\n`)
