import { deflateSync, inflateSync } from "node:zlib"

/** A page is flat colour and the edges of its letters: 256 colours are as sharp as all of them, in a third of the bytes. */
const COLOURS = 256
/** Grounds and lines lie close to each other on purpose. */
const EXACT = 32
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

type Image = { width: number; height: number; channels: 3 | 4; pixels: Uint8Array }

/**
 * The same picture with a palette.
 * @param png 8 bits a channel, RGB or RGBA, not interlaced: what a browser writes. Its opacity is dropped.
 * @throws Error on any other kind.
 */
export function withPalette(png: Buffer): Buffer {
  const image = decode(png)
  const { palette, nearest } = choosePalette(image)
  const rows = Buffer.alloc((image.width + 1) * image.height)
  for (let y = 0; y < image.height; y++)
    for (let x = 0; x < image.width; x++)
      rows[y * (image.width + 1) + 1 + x] = nearest(colourAt(image, y * image.width + x))
  const header = Buffer.alloc(13)
  header.writeUInt32BE(image.width, 0)
  header.writeUInt32BE(image.height, 4)
  header.set([8, 3, 0, 0, 0], 8)
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("PLTE", Buffer.from(palette.flatMap((rgb) => [rgb >> 16, (rgb >> 8) & 255, rgb & 255]))),
    chunk("IDAT", deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ])
}

function colourAt({ pixels, channels }: Image, index: number): number {
  const at = index * channels
  return ((pixels[at] ?? 0) << 16) | ((pixels[at + 1] ?? 0) << 8) | (pixels[at + 2] ?? 0)
}

/** The commonest colours, then those that differ from them by more than the eye sees; for each colour the nearest of them. */
function choosePalette(image: Image): { palette: number[]; nearest: (rgb: number) => number } {
  const counts = new Map<number, number>()
  for (let i = 0; i < image.width * image.height; i++) {
    const rgb = colourAt(image, i)
    counts.set(rgb, (counts.get(rgb) ?? 0) + 1)
  }
  const ranked = [...counts].sort((a, b) => b[1] - a[1]).map(([rgb]) => rgb)
  let palette: number[] = []
  for (let apart = 0; ; apart = apart === 0 ? 12 : apart * 2) {
    palette = ranked.slice(0, EXACT)
    for (const rgb of ranked.slice(EXACT)) if (palette.every((other) => distance(rgb, other) > apart)) palette.push(rgb)
    if (palette.length <= COLOURS || apart > 400) break
  }
  palette = palette.slice(0, COLOURS)
  const known = new Map<number, number>()
  const nearest = (rgb: number) => {
    let best = known.get(rgb)
    if (best === undefined) {
      best = 0
      for (let i = 1; i < palette.length; i++)
        if (distance(rgb, palette[i] ?? 0) < distance(rgb, palette[best] ?? 0)) best = i
      known.set(rgb, best)
    }
    return best
  }
  return { palette, nearest }
}

function distance(a: number, b: number): number {
  const red = (a >> 16) - (b >> 16)
  const green = ((a >> 8) & 255) - ((b >> 8) & 255)
  const blue = (a & 255) - (b & 255)
  return red * red + green * green + blue * blue
}

function decode(png: Buffer): Image {
  const parts: Buffer[] = []
  let image: Image | null = null
  for (let at = SIGNATURE.length; at < png.length; ) {
    const length = png.readUInt32BE(at)
    const kind = png.toString("latin1", at + 4, at + 8)
    const body = png.subarray(at + 8, at + 8 + length)
    if (kind === "IHDR") image = readHeader(body)
    if (kind === "IDAT") parts.push(body)
    at += length + 12
  }
  if (!image) throw new Error("a picture without a header")
  unfilter(inflateSync(Buffer.concat(parts)), image)
  return image
}

function readHeader(body: Buffer): Image {
  const [width, height] = [body.readUInt32BE(0), body.readUInt32BE(4)]
  const channels = body[9] === 2 ? 3 : 4
  if (body[8] !== 8 || (body[9] !== 2 && body[9] !== 6) || body[12] !== 0) throw new Error("not a picture of a browser")
  return { width, height, channels, pixels: new Uint8Array(width * height * channels) }
}

/** Undoes what each line says of its left, upper and upper left neighbours (PNG, section 9). */
function unfilter(lines: Buffer, { width, height, channels, pixels }: Image): void {
  const stride = width * channels
  for (let y = 0; y < height; y++) {
    const filter = lines[y * (stride + 1)]
    for (let x = 0; x < stride; x++) {
      const at = y * stride + x
      const left = x < channels ? 0 : (pixels[at - channels] ?? 0)
      const up = y === 0 ? 0 : (pixels[at - stride] ?? 0)
      const corner = y === 0 || x < channels ? 0 : (pixels[at - stride - channels] ?? 0)
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter ?? 0] ?? 0
      pixels[at] = (lines[y * (stride + 1) + 1 + x] ?? 0) + guess
    }
  }
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)]
  return a <= b && a <= c ? left : b <= c ? up : corner
}

function chunk(kind: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(kind, "latin1"), body])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(body.length)
  sum.writeUInt32BE(checksum(named))
  return Buffer.concat([length, named, sum])
}

/** CRC-32; Node has had it only since 20.15. */
function checksum(bytes: Uint8Array): number {
  let sum = ~0
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0)
  }
  return ~sum >>> 0
}
