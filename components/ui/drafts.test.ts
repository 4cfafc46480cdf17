import { createElement } from "react"
import { renderToStaticMarkup } from "react-dom/server"
import { beforeEach, expect, it, vi } from "vitest"
import { keepDraft, readDraft } from "@/components/ui/drafts"
import { NoteField } from "@/components/ui/note-field"

const anna = { of: "7.comment", by: "anna@example.com" }
const TEXT = "The supplier sent a new form.\n\nAsked for the old one."

beforeEach(() => {
  const kept = new Map<string, string>()
  const sessionStorage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => kept.set(key, text),
    removeItem: (key: string) => kept.delete(key),
  }
  vi.stubGlobal("window", { sessionStorage })
})

it("a note that was not sent is there again when its form opens, and gone once it is sent", () => {
  const form = () =>
    renderToStaticMarkup(createElement(NoteField, { label: "Note", name: "note", rows: 3, draft: anna }))
  keepDraft(anna, TEXT)
  expect(readDraft(anna)).toBe(TEXT)
  expect(form()).toContain(TEXT)
  keepDraft(anna, "")
  expect(form()).not.toContain("supplier")
})

it("is neither that of another act or exception nor shown to another person", () => {
  keepDraft(anna, TEXT)
  for (const other of [{ of: "7.resolve" }, { of: "8.comment" }, { by: "ben@example.com" }, { by: "" }])
    expect(readDraft({ ...anna, ...other })).toBe("")
})

it("a browser that gives no storage leaves the form as it is", () => {
  vi.stubGlobal("window", {
    get sessionStorage(): never {
      throw new DOMException("denied", "SecurityError")
    },
  })
  keepDraft(anna, TEXT)
  expect(readDraft(anna)).toBe("")
})
