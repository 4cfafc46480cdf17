type Side = "left" | "right" | null

/** A mark on the axis of time: a line through the plot, the state's shape on top, and a few letters beside it where there is room. */
export type PlotMark = {
  /** Share of the plot's width. */
  at: number
  text: string
  /** In full. */
  title: string
  /** Where the letters stand on a wide plot, and on a phone's; null = they would cover another mark. */
  wide: Side
  narrow: Side
}

/** What a label may take at most, as a share of the plot: the style sheet cuts it there. `pixels`: the least width of such a plot. */
const WIDE = { most: 0.18, pixels: 540 }
const NARROW = { most: 0.4, pixels: 280 }

/** Labels get their places without measuring, the first mark first; a shape is never covered. `marks` stand in order, each at its own place. */
export function placeMarks(marks: readonly Pick<PlotMark, "at" | "text" | "title">[]): PlotMark[] {
  const [wide, narrow] = [sides(marks, WIDE), sides(marks, NARROW)]
  return marks.map((mark, i) => ({ ...mark, wide: wide[i] ?? null, narrow: narrow[i] ?? null }))
}

function sides(marks: readonly { at: number; text: string }[], { most, pixels }: typeof WIDE): Side[] {
  const taken: { from: number; to: number }[] = []
  return marks.map(({ at, text }) => {
    const width = Math.min(most, (16 + 8 * text.length) / pixels)
    const right = { side: "right" as const, from: at, to: at + width }
    const left = { side: "left" as const, from: at - width, to: at }
    const found = (at < 0.5 ? [right, left] : [left, right]).find(
      ({ from, to }) =>
        from >= 0 &&
        to <= 1 &&
        taken.every((other) => to <= other.from || from >= other.to) &&
        marks.every((other) => other.at === at || other.at <= from || other.at >= to),
    )
    if (found) taken.push(found)
    return found?.side ?? null
  })
}
