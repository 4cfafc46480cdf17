import type { TransactionSql } from "postgres"
import type { Proof } from "@/lib/vocabulary"
import { saveDirectives } from "@/policy/apply-directives"
import { type Judgement, logDecisions, saveFindings } from "@/policy/apply-findings"
import type { Reason } from "@/policy/proof"
import { addContribution, type Contribution, Deltas, type SpendDelta, type Sums, zeroSums } from "./contribution"
import type { LedgerEvent } from "./event"
import { announceHalts, type ConditionChange, haltChangeOf, isHalt, settleConditions } from "./exceptions"
import { credible } from "./fold-span"
import { conditionsOf, signalsOf, stopLines } from "./judge-conditions"
import { type RunKey, runKey, type StoredVerification } from "./load-runs"
import type { StoredSpan } from "./load-spans"
import { contributionOf, type RunWork, type SpanChange, startOf, statusOf } from "./run-work"
import { saveRollups } from "./save-rollups"
import { RunRows } from "./save-runs"
import { SpanRows } from "./save-spans"
import { VerificationRows, verificationOf } from "./save-verifications"

export type OnMove = (runId: string, spanId: string, before: Contribution | null, after: Contribution) => void

/** All that one transaction writes to the projections, gathered first, so that each table is written by one statement. */
export class SaveSet {
  readonly #spans = new SpanRows()
  readonly #runs = new RunRows()
  readonly #verifications = new VerificationRows()
  readonly #deltas = new Deltas()
  readonly #sums = new Map<RunWork, Sums>()
  readonly #conditions: ConditionChange[] = []
  /** Projects whose halts look different now: one began or ended, or a halted run went on to cost. */
  readonly #haltedProjects = new Set<number>()
  readonly #untold = new Set<string>()

  /**
   * @param judgements what policies and people made of the runs of this transaction
   * @param onMove told of every span whose contribution moves
   */
  constructor(
    readonly judgements: readonly Judgement[] = [],
    readonly onMove?: OnMove,
  ) {}

  /** Stores a span's change and moves the difference that it makes to its run and to the roll-up. */
  span(work: RunWork, change: SpanChange, dimensionSetId: number): void {
    const { before, after, isCounted, isCall } = change
    if (after) {
      this.#move(work, after.spanId, before, contributionOf(after, isCall, dimensionSetId))
      this.#spans.save({ span: after, isCounted, isCall, dimensionSetId }, before)
      return
    }
    const stored = before as StoredSpan
    // A root comes last, and mostly says of its run what its spans said of themselves.
    if (stored.isCounted === isCounted && stored.isCall === isCall && stored.dimensionSetId === dimensionSetId) return
    this.#move(work, stored.spanId, stored, { ...stored, isCall, dimensionSetId })
    this.#spans.recount({ span: stored, isCounted, isCall, dimensionSetId })
  }

  #move(work: RunWork, spanId: string, before: Contribution | null, after: Contribution): void {
    this.onMove?.(work.runId, spanId, before, after)
    let sums = this.#sums.get(work)
    if (!sums) {
      sums = zeroSums()
      this.#sums.set(work, sums)
    }
    if (before) {
      addContribution(sums, before, -1)
      this.#deltas.addSpan(work.projectId, before, -1)
    }
    addContribution(sums, after, 1)
    this.#deltas.addSpan(work.projectId, after, 1)
  }

  /** @param proven null when nothing but totals changed. */
  run(work: RunWork, dimensionSetId: number, proven: { proof: Proof; reasons: Reason[] } | null): void {
    if (work.loaded?.isTold === false) this.#untold.add(runKey(work))
    this.#runs.addTotals({ work, sums: this.#sums.get(work) ?? zeroSums() })
    if (isHalt(statusOf(work)) || (work.loaded && isHalt(work.loaded.status))) this.#haltedProjects.add(work.projectId)
    if (!proven) return
    this.#runs.setState({ work, dimensionSetId, ...proven })
    const halt = haltChangeOf(work)
    if (halt) this.#conditions.push(halt)
    const { loaded, projectId } = work
    if (loaded && !loaded.isNew)
      this.#deltas.addCount(
        "health",
        projectId,
        loaded.startedAt,
        loaded.dimensionSetId,
        loaded.status,
        loaded.proof,
        -1,
      )
    this.#deltas.addCount("health", projectId, startOf(work), dimensionSetId, statusOf(work), proven.proof, 1)
  }

  verification(item: LedgerEvent, dimensionSetId: number): void {
    const event = verificationOf(item)
    this.#verifications.add({ item, event, dimensionSetId })
    const at = credible(item.at, item.receivedAt)
    this.#deltas.addCount("verification", item.projectId, at, dimensionSetId, event.check, event.outcome, 1)
  }

  moveVerification(row: StoredVerification, dimensionSetId: number): void {
    this.#verifications.move({ row, dimensionSetId })
    this.#deltas.addCount("verification", row.projectId, row.at, row.dimensionSetId, row.check, row.outcome, -1)
    this.#deltas.addCount("verification", row.projectId, row.at, dimensionSetId, row.check, row.outcome, 1)
  }

  /** Those of these runs that may have been told something; of most it is known that they have not. */
  toAsk(runs: readonly RunKey[]): RunKey[] {
    return runs.filter((run) => !this.#untold.has(runKey(run)))
  }

  /** What the transaction spends, by quarter hour and dimension set. */
  get spend(): Iterable<SpendDelta> {
    return this.#deltas.spend.values()
  }

  /**
   * Queues the statements on the transaction's connection: they travel together, the server runs them in this order.
   * @param options.rollups false in a rebuild, which sums them up anew when all spans are there, and leaves exceptions to people.
   */
  async flush(tx: TransactionSql, { rollups = true } = {}): Promise<void> {
    await Promise.all([
      ...this.#spans.flush(tx),
      ...this.#runs.flush(tx),
      ...this.#verifications.flush(tx),
      ...saveFindings(tx, this.judgements),
      ...(rollups ? [...logDecisions(tx, this.judgements), ...saveDirectives(tx, this.judgements)] : []),
      ...(rollups ? saveRollups(tx, this.#deltas) : []),
    ])
    if (rollups) await this.#settle(tx)
    if (rollups && this.#haltedProjects.size > 0) await announceHalts(tx, this.#haltedProjects)
  }

  /** Exceptions of what is halted, held back or alarming now, and of lines that this stops. */
  async #settle(tx: TransactionSql): Promise<void> {
    const found = this.judgements.flatMap(conditionsOf)
    const signals = signalsOf(this.judgements, Date.now())
    const conditions = [...this.#conditions, ...found]
    if (signals.length > 0) conditions.push(...(await stopLines(tx, signals)))
    for (const { projectId } of conditions) this.#haltedProjects.add(projectId)
    if (conditions.length > 0) await settleConditions(tx, conditions, "ingest")
  }
}
