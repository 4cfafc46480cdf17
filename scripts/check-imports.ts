import { fileURLToPath } from "node:url"
import { checkTree } from "./check-imports/rules"

/** `npm run check:imports`: prints every import that goes against the layout, and ends with 1 when there is one. */
const { files, violations } = checkTree(fileURLToPath(new URL("..", import.meta.url)))
for (const { file, line, rule, text } of violations) console.error(`${file}:${line} [${rule}] ${text}`)
console.log(
  violations.length === 0
    ? `Imports of ${files} files follow the layout`
    : `${violations.length} violations in ${files} files`,
)
process.exitCode = violations.length === 0 ? 0 : 1
