import { awkwardNames, manyWorkflows, oneRun } from "./awkward"
import { awkwardPayloads } from "./awkward-payloads"
import { demo } from "./demo/demo"
import type { Scenario } from "./scenario"
import {
  clockSkew,
  deepTree,
  dstDay,
  emptyProject,
  haltMidRun,
  hugeRun,
  longRun,
  missingEnd,
  retryStorm,
  unknownModel,
} from "./shapes"
import { skippedStep } from "./skipped-step"

export const SCENARIOS: Record<string, Scenario> = {
  demo,
  "long-run": longRun,
  "huge-run": hugeRun,
  "deep-tree": deepTree,
  "unknown-model": unknownModel,
  "missing-end": missingEnd,
  "retry-storm": retryStorm,
  "clock-skew": clockSkew,
  "dst-day": dstDay,
  "halt-mid-run": haltMidRun,
  "skipped-step": skippedStep,
  "awkward-names": awkwardNames,
  "awkward-payloads": awkwardPayloads,
  "one-run": oneRun,
  "many-workflows": manyWorkflows,
  "empty-project": emptyProject,
}
