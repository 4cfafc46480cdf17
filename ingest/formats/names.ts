import { cutText } from "../inspect"

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
const CONTROL = /[\u0000-\u001f\u007f]+/g

/** Most names are plain ones, and need no mending. */
const PLAIN = /^[!-~](?:[ -~]*[!-~])?$/

/**
 * Free text of another format as the name of a model, a workflow, a check: mended and cut to what a name may be. Ours are refused instead, but here
 * a stray space would cost the whole call. Undefined when nothing is left.
 */
export function toName(value: unknown, length = 256): string | undefined {
  if (value === undefined) return undefined
  if (typeof value === "string" && value.length <= length && PLAIN.test(value)) return value
  const text = typeof value === "string" ? value : typeof value === "number" ? String(value) : ""
  const clean = text.toWellFormed().replace(CONTROL, " ").trim()
  return clean === "" ? undefined : cutText(clean, length).trim()
}

/** Who makes the models of such names, for sources that name the model alone. Others' hosting of the same model cannot be told from it. */
const MAKERS: readonly [RegExp, string][] = [
  [/^(gpt-|chatgpt-|o[134](-|$)|text-embedding-(3|ada)|codex-)/, "openai"],
  [/^claude-/, "anthropic"],
  [/^gemini-/, "google"],
  [/^(mistral|ministral|magistral|codestral|devstral|pixtral|open-mi[sx])/, "mistral"],
  [/^deepseek-/, "deepseek"],
  [/^grok-/, "xai"],
  [/^(command-|embed-(english|multilingual)|rerank-)/, "cohere"],
]

export function makerOf(model: string): string | undefined {
  return MAKERS.find(([pattern]) => pattern.test(model))?.[1]
}
