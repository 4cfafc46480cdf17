import { randomUUID } from "node:crypto"
import type { BrowserContext } from "@playwright/test"
import type { Booted } from "@/server/testing"
import { observe, readPaint } from "./page-paint"

type Print = (line?: string) => void

/** A trace of 50,000 spans from its first row to its last, and a halt's way from the ingest to an open page. */
export async function benchTrace(context: BrowserContext, server: Booted, print: Print): Promise<void> {
  const tab = await context.newPage()
  await observe(tab)
  const startedAt = performance.now()
  await tab.goto("/runs/huge-run?project=demo", { waitUntil: "commit" })
  await tab.locator(".trace [data-row]").first().waitFor()
  const firstRows = performance.now() - startedAt
  await tab
    .getByText(/50,0\d\d spans/)
    .first()
    .waitFor({ timeout: 60_000 })
  const whole = performance.now() - startedAt
  await tab.waitForTimeout(1_000)
  const loading = (await readPaint(tab)).longestTaskMs
  await tab.evaluate(() => {
    ;(window as unknown as { seen: { longestTaskMs: number } }).seen.longestTaskMs = 0
  })
  const hasReachedLast = await tab.evaluate(async () => {
    const first = document.querySelector(".trace [data-row]")
    let box = first?.parentElement ?? null
    while (box && box.scrollHeight <= box.clientHeight + 1) box = box.parentElement
    if (!box) throw new Error("nothing scrolls")
    for (let i = 1; i <= 60; i++) {
      box.scrollTop = (box.scrollHeight * i) / 60
      await new Promise((resolve) => requestAnimationFrame(resolve))
    }
    await new Promise((resolve) => setTimeout(resolve, 500))
    return (
      box.scrollTop + box.clientHeight >= box.scrollHeight - 1 && document.querySelector(".trace [data-row]") !== null
    )
  })
  if (!hasReachedLast) throw new Error("the last span was not reached")
  const scrolling = (await readPaint(tab)).longestTaskMs
  await tab.close()
  print("### A trace of 50,000 spans, and a halt")
  print()
  print("| | ms |")
  print("| --- | ---: |")
  print(`| first rows | ${firstRows.toFixed(0)} |`)
  print(`| all spans in the browser | ${whole.toFixed(0)} |`)
  print(`| longest task while loading | ${loading.toFixed(0)} |`)
  print(`| longest task while scrolling to the last span, 0 = none over 50 | ${scrolling.toFixed(0)} |`)
  print(
    `| a halt, from its acknowledgement to an open Halted page | ${(await haltToPage(context, server)).toFixed(0)} |`,
  )
}

async function haltToPage(context: BrowserContext, server: Booted): Promise<number> {
  const tab = await context.newPage()
  await tab.goto(`/halted?project=${server.project}`, { waitUntil: "load" })
  await tab.waitForTimeout(1_500)
  const run = `halt-${randomUUID().slice(0, 8)}`
  const now = new Date().toISOString()
  const events = [
    { id: `${run}:1`, type: "run.started", run, at: now, workflow: run, agent: "bench", plan: ["fetch"] },
    { id: `${run}:2`, type: "run.halted", run, at: now, by: "agent", step: "fetch", reason: "the bench stops it" },
  ]
  const answer = await fetch(`${server.url}/api/v1/events`, {
    method: "POST",
    headers: { authorization: `Bearer ${server.key}`, "content-type": "application/json" },
    body: JSON.stringify({ events }),
  })
  if (answer.status !== 200) throw new Error(`the halt was answered ${answer.status}`)
  const startedAt = performance.now()
  await tab.getByText(run).first().waitFor({ timeout: 10_000 })
  const took = performance.now() - startedAt
  await tab.close()
  return took
}
