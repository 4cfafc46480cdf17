import { describe, expect, test } from "vitest"
import { decodeBody } from "./decode"
import { UnreadableEvent } from "./unreadable"

const json = (text: string | Buffer, most = 10) => decodeBody(Buffer.from(text), "json", most)
const lines = (text: string, most = 10) => decodeBody(Buffer.from(text), "ndjson", most)
const codeOf = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    return (error as { code: string }).code
  }
  return "decoded"
}

describe("JSON", () => {
  test("an envelope and a bare array carry the same events", () => {
    expect(json('{"events":[{"id":"a"}]}').events).toEqual([{ id: "a" }])
    expect(json('[{"id":"a"}]').events).toEqual([{ id: "a" }])
  })

  test("B01: no events is fine, no JSON and no envelope are not", () => {
    expect(json("[]").events).toEqual([])
    expect(json('{"events":[]}').events).toEqual([])
    for (const text of ["", "{", "[1,]", "events", "\u0000"]) expect(codeOf(() => json(text))).toBe("invalid_json")
    for (const text of ["null", "{}", "1", '"x"', '{"events":{}}', '{"events":null}', '{"__proto__":{"events":[]}}'])
      expect(codeOf(() => json(text))).toBe("invalid_envelope")
  })

  test("the refusal does not repeat the body", () => {
    expect(() => json("secret-in-a-body")).toThrow(/^The body is not JSON\.$/)
  })

  test("a byte order mark is no part of the text", () => {
    expect(json(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from("[]")])).events).toEqual([])
  })

  test("bytes that are not UTF-8 are replaced, and the sender is told", () => {
    const { events, warnings } = json(Buffer.concat([Buffer.from('["caf'), Buffer.from([0xe9]), Buffer.from('"]')]))
    expect(events).toEqual(["caf\ufffd"])
    expect(warnings).toHaveLength(1)
  })

  test("B33: fields beside events are ignored with a warning", () => {
    expect(json('{"events":[],"project_id":7}').warnings).toHaveLength(1)
    expect(json('{"events":[]}').warnings).toEqual([])
  })
})

describe("NDJSON", () => {
  test("one event a line, whatever ends the line; blank lines count for nothing", () => {
    expect(lines('{"id":"a"}\r\n\n  \n{"id":"b"}').events).toEqual([{ id: "a" }, { id: "b" }])
  })

  test("a line that is not JSON stands for itself at its index", () => {
    const { events } = lines('{"id":"a"}\n{"id":\n{"id":"c"}\n')
    expect(events[0]).toEqual({ id: "a" })
    expect(events[1]).toBeInstanceOf(UnreadableEvent)
    expect((events[1] as UnreadableEvent).raw).toBe('{"id":')
    expect(events[2]).toEqual({ id: "c" })
  })

  test("an empty body is refused", () => {
    for (const text of ["", "\n", " \r\n "]) expect(codeOf(() => lines(text))).toBe("invalid_json")
  })
})

describe("bounds", () => {
  test("as many events as the limit, and not one more", () => {
    expect(json("[1,2,3]", 3).events).toHaveLength(3)
    expect(codeOf(() => json("[1,2,3,4]", 3))).toBe("too_many_events")
    expect(lines("1\n2\n3\n", 3).events).toHaveLength(3)
    expect(codeOf(() => lines("1\n2\n3\n4", 3))).toBe("too_many_events")
  })

  test("B09: 100,000 levels are too deep, as arrays, as objects and inside an event", () => {
    const deep = 100_000
    expect(codeOf(() => json("[".repeat(deep) + "]".repeat(deep)))).toBe("too_deep")
    expect(codeOf(() => json(`[${'{"a":'.repeat(deep)}1${"}".repeat(deep)}]`))).toBe("too_deep")
    const inEvent = `{"id":"a","input":${"[".repeat(deep)}${"]".repeat(deep)}}`
    expect(codeOf(() => json(`{"events":[${inEvent}]}`))).toBe("too_deep")
    expect(codeOf(() => lines(inEvent))).toBe("too_deep")
  })

  test("what is deeper than an event may be, but not absurd, is left to be judged alone", () => {
    expect(json(`[{"id":"a"},${"[".repeat(500)}${"]".repeat(500)}]`).events).toHaveLength(2)
  })
})
