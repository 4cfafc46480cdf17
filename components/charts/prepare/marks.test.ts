import { expect, test } from "vitest"
import { placeMarks } from "@/components/charts/prepare/marks"

const at = (...places: number[]) =>
  placeMarks(places.map((place) => ({ at: place, text: "2.6.1", title: "check got worse with 2.6.1" })))

test("a label stands towards the middle, where there is room at any width", () => {
  expect(at(0.1, 0.9)).toMatchObject([
    { wide: "right", narrow: "right" },
    { wide: "left", narrow: "left" },
  ])
})
test("labels cover neither each other nor another shape, at either width", () => {
  expect(at(0.4, 0.55)).toMatchObject([
    { wide: "right", narrow: "left" },
    { wide: "right", narrow: "right" },
  ])
  expect(at(0.48, 0.5, 0.52)).toMatchObject([{ wide: "left" }, { wide: null }, { wide: "right" }])
})
test("a label does not leave the plot", () => {
  expect(at(0.02, 0.05)).toMatchObject([{ wide: null }, { wide: "right" }])
  expect(at(0.99)).toMatchObject([{ wide: "left", narrow: "left" }])
})
