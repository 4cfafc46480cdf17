import type { GATE_CODES } from "@/lib/contracts/acts"
import { type HttpAnswer, jsonAnswer } from "@/lib/http"

type LineGateCode = (typeof GATE_CODES)[number]

/** A gate that is shut answers a problem that says why, and what the gate says beside it. */
export function closedGate(code: "not_usable" | LineGateCode, detail: string, gate: object): HttpAnswer {
  const problem = { type: `/problems/${code}`, title: "Conflict", status: 409, code, detail, retryable: false }
  return jsonAnswer(409, { ...problem, ...gate }, { "content-type": "application/problem+json; charset=utf-8" })
}
