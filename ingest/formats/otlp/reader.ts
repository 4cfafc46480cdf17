import { BinaryReader } from "@bufbuild/protobuf/wire"

/** Texts below this are cheaper letter by letter. */
const SHORT = 24

/** The wire reader, with what a message's bounds need, and texts and ids straight from the buffer. */
export class Reader extends BinaryReader {
  readonly #bytes: Buffer

  constructor(bytes: Uint8Array) {
    super(bytes)
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  /** Where the value behind this length ends. @throws RangeError beyond the body. */
  lengthEnd(): number {
    const end = this.uint32() + this.pos
    if (end > this.len) throw new RangeError("a length goes beyond the body")
    return end
  }

  /** Broken UTF-8 becomes U+FFFD. */
  text(): string {
    const end = this.lengthEnd()
    const start = this.pos
    this.pos = end
    return end - start < SHORT ? this.#ascii(start, end) : this.#bytes.toString("utf8", start, end)
  }

  #ascii(start: number, end: number): string {
    let text = ""
    for (let i = start; i < end; i++) {
      const byte = this.#bytes[i] as number
      if (byte > 0x7f) return this.#bytes.toString("utf8", start, end)
      text += String.fromCharCode(byte)
    }
    return text
  }

  hex(): string {
    const end = this.lengthEnd()
    const start = this.pos
    this.pos = end
    return this.#bytes.toString("hex", start, end)
  }

  /** Over a field that nobody asked for. @throws Error for a tag that is none. */
  pass(tag: number): void {
    const no = tag >>> 3
    const type = tag & 7
    if (no === 0 || type > 5) throw new RangeError("no field has such a tag")
    this.skip(type, no)
  }

  /** @throws RangeError when a field went beyond its message. */
  expectAt(end: number): void {
    if (this.pos !== end) throw new RangeError("a field goes beyond its message")
  }
}
