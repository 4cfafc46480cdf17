import { expect, it, vi } from "vitest"
import { DialogForm } from "@/components/ui/dialog-form"

// It uses no hook of its own, so that what it gives its dialog can be read without a browser.
it("forgets what was refused when it closes, whichever way", () => {
  const [reset, close] = [vi.fn(), vi.fn()]
  const act = { isPending: false, error: new Error("The last day comes before the first."), reset }
  const dialog = DialogForm({ label: "l", open: true, word: "w", act, close, submit: () => {}, children: null })
  dialog.props.onClose()
  expect([reset.mock.calls.length, close.mock.calls.length]).toEqual([1, 1])
})
