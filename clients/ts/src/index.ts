export { Andon, type AndonOptions } from "./andon.js"
export { Refused } from "./http.js"
export { Run, type RunOptions, type SpanOptions, type StepOptions, type Verdict } from "./run.js"
export { type Directive, Halted, LinePaused, type Usage } from "./wire.js"
