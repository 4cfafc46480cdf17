import { describe, expect, test, vi } from "vitest"
import { AppError } from "@/lib/errors"
import { cancelJob, jobState, startJob } from "@/lib/job"

const ignore = () => {}

describe("a job", () => {
  test("tells how far it is, and what came of it; one of a name at a time", async () => {
    let end: (message: string) => void = ignore
    startJob(
      "a",
      "Counting",
      "user:x",
      (report) => {
        report(3, 10)
        return new Promise((resolve) => {
          end = resolve
        })
      },
      ignore,
    )
    expect(jobState("a")).toMatchObject({ state: "running", done: 3, total: 10, title: "Counting", finished_at: null })
    expect(() => startJob("a", "Again", "user:x", async () => "", ignore)).toThrow(
      expect.objectContaining({ code: "conflict" }),
    )
    startJob("b", "Another", "user:x", async () => "done", ignore)
    end("ten")
    await vi.waitFor(() => expect(jobState("a")).toMatchObject({ state: "done", message: "ten" }))
    expect(jobState("a")?.finished_at).not.toBeNull()
    startJob("a", "Again", "user:x", async () => "", ignore)
  })

  test("a failure is kept in our words alone, and told to the log", async () => {
    const told: unknown[] = []
    const error = new Error("password=hunter2")
    startJob(
      "c",
      "t",
      "user:x",
      () => Promise.reject(error),
      (seen) => told.push(seen),
    )
    await vi.waitFor(() => expect(jobState("c")?.state).toBe("failed"))
    expect(jobState("c")?.message).not.toContain("hunter2")
    expect(told).toEqual([error])
    startJob("c", "t", "user:x", () => Promise.reject(new AppError("conflict", "In words.")), ignore)
    await vi.waitFor(() => expect(jobState("c")?.message).toBe("In words."))
  })

  test("cancelling is no failure", async () => {
    const told: unknown[] = []
    startJob(
      "d",
      "t",
      "user:x",
      (_, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(new Error("stopped")))
        }),
      (seen) => told.push(seen),
    )
    expect(cancelJob("d")).toBe(true)
    await vi.waitFor(() => expect(jobState("d")?.state).toBe("cancelled"))
    expect(told).toEqual([])
    expect(cancelJob("d")).toBe(false)
    expect(cancelJob("nothing")).toBe(false)
  })
})
