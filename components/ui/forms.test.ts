import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, it } from "vitest"

const root = join(import.meta.dirname, "../..")
const sources = ["app", "components"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".tsx"))
    .map((name) => join(folder, name)),
)

// Until the page hears it, the browser sends a form by itself: with GET its fields, drafts and passwords among them, go into the address, and what was
// typed is gone. `dialog` outside of a dialog sends nothing, so that such a press does nothing.
it("a form that is sent before the page hears it puts nothing into the address and loses nothing", () => {
  const forms = sources.flatMap((name) =>
    [...readFileSync(join(root, name), "utf8").matchAll(/<form[\s>][^{}]{0,160}/g)].map(([text]) => ({ name, text })),
  )
  expect(forms.length).toBeGreaterThan(20)
  expect(forms.filter(({ text }) => !/ method="(dialog|post)"/.test(text.replace(/\s+/g, " ")))).toEqual([])
})
