import type { ServiceTier } from "@/lib/vocabulary"

/** A provider and model name that the price book may hold. `isAssumed`: the book's name is not what the source said, so the cost is an estimate. */
export type PriceName = { provider: string; model: string; isAssumed: boolean }

/** What sources call a provider, and what the price book does; a name that is not here stands for itself. */
const ALIASES: Record<string, readonly string[]> = {
  openai: ["openai_chat", "text-completion-openai"],
  anthropic: ["claude"],
  google: [
    "gemini",
    "gcp.gemini",
    "gcp.gen_ai",
    "google.generative-ai",
    "google_genai",
    "google-genai",
    "google_ai_studio",
  ],
  vertex_ai: ["gcp.vertex_ai", "google.vertex", "google-vertex", "google_vertexai", "vertexai", "vertex"],
  bedrock: ["aws.bedrock", "aws_bedrock", "amazon-bedrock", "amazon_bedrock", "aws", "amazon", "bedrock_converse"],
  azure: ["azure.ai.openai", "az.ai.openai", "azure-openai", "azure_openai", "azure_text"],
  azure_ai: ["azure.ai.inference", "az.ai.inference", "azure-ai-inference"],
  mistral: ["mistral_ai", "mistralai"],
  xai: ["x_ai", "x-ai"],
  cohere: ["cohere_chat"],
  moonshot: ["moonshot_ai", "moonshotai"],
  watsonx: ["ibm.watsonx.ai", "watsonx.ai"],
  together_ai: ["together", "togetherai"],
  fireworks_ai: ["fireworks", "fireworksai"],
  vercel_ai_gateway: ["gateway", "vercel"],
  amazon_nova: ["amazon-nova"],
  voyage: ["voyageai", "voyage_ai"],
}
const CANONICAL = new Map(
  Object.entries(ALIASES).flatMap(([name, others]) => [
    [name, name] as const,
    ...others.map((o) => [o, name] as const),
  ]),
)
/** Sell their own models under their own names: who is meant by a model's name alone. */
export const MAKERS = ["openai", "anthropic", "google", "mistral", "deepseek", "xai", "cohere"] as const
/** Proxies that say who answered in the model's name. */
const PROXIES = new Set(["litellm", "litellm_proxy"])

/** The price book's name of a provider: "openai.chat" and "OpenAI" are `openai`. */
export function canonicalProvider(name: string): string {
  const lower = name.trim().toLowerCase()
  for (let end = lower.length; end > 0; end = lower.lastIndexOf(".", end - 1)) {
    const known = CANONICAL.get(lower.slice(0, end))
    if (known) return known
  }
  return lower
}

/**
 * Names to look up, in order: as it is; with the provider before it; without; as the last part of a resource; each of these without version, date, `-latest`,
 * `-preview`; then without Bedrock's region. Never a part of a name: `gpt-4` must not price `gpt-4o-mini`.
 */
export function priceNames(provider: string | null, model: string): PriceName[] {
  const names = new Map<string, PriceName>()
  const add = (seller: string, name: string, isAssumed: boolean) => {
    const key = `${seller}\u0000${name}`
    if (name !== "" && !names.has(key)) names.set(key, { provider: seller, model: name, isAssumed })
  }
  for (const [seller, whole] of sellersOf(provider, model)) {
    const forms = [whole, `${seller}/${whole}`, tailOf(whole), withoutPrefix(seller, whole)]
    for (const form of forms) add(seller, form, false)
    for (const form of forms) for (const { name, isAssumed } of withoutSuffixes(form)) add(seller, name, isAssumed)
    if (seller !== "bedrock") continue
    for (const form of forms) {
      const base = form.replace(REGION, "")
      if (base === form) continue
      // Some regions cost more: where the book has no row of the region, its base row is an estimate.
      add(seller, base, true)
      for (const { name } of withoutSuffixes(base)) add(seller, name, true)
    }
  }
  return [...names.values()]
}

const REGION = /^(us|eu|apac|global|jp|au|ca|us-gov)\./
/** Bedrock's ids begin with the maker and a point, after a region or not. */
const BEDROCK =
  /^((us|eu|apac|global|jp|au|ca|us-gov)\.)?(anthropic|amazon|meta|mistral|cohere|ai21|deepseek|stability|writer|openai|qwen)\.[a-z]/
const VERTEX = /(^|\/)publishers\/[^/]+\/models\//

/** Whose price list it may be in, with the name that is looked up there. */
function sellersOf(provider: string | null, model: string): [string, string][] {
  const sellers: [string, string][] = []
  const named = provider === null ? "" : canonicalProvider(provider)
  // Who asks in the maker's name for what is a cloud's id gets the cloud's bill.
  if (named !== "bedrock" && (BEDROCK.test(model) || model.startsWith("arn:aws:bedrock:")))
    sellers.push(["bedrock", model])
  if (named !== "vertex_ai" && VERTEX.test(model)) sellers.push(["vertex_ai", model])
  sellers.push([named, model])
  if (named === "azure") sellers.push(["azure_ai", model])
  if (named === "azure_ai") sellers.push(["azure", model])
  if (named === "" || PROXIES.has(named)) {
    const slash = model.indexOf("/")
    const prefix = slash > 0 ? model.slice(0, slash) : ""
    if (CANONICAL.has(prefix.toLowerCase())) sellers.push([canonicalProvider(prefix), model.slice(slash + 1)])
  }
  return sellers
}

function withoutPrefix(seller: string, model: string): string {
  const slash = model.indexOf("/")
  return slash > 0 && canonicalProvider(model.slice(0, slash)) === seller ? model.slice(slash + 1) : model
}

/** `models/gemini-2.5-pro`, `publishers/google/models/…`, `arn:aws:bedrock:…:inference-profile/us.anthropic.…`: what comes last. */
function tailOf(model: string): string {
  const isResource = model.startsWith("models/") || model.startsWith("arn:aws:bedrock:") || VERTEX.test(model)
  return isResource ? model.slice(model.lastIndexOf("/") + 1) : model
}

const SUFFIXES = [
  /-v\d+:\d+(:\w+)?$/,
  /@(\d{8}|\d{4}-\d{2}-\d{2}|default|latest)$/,
  /-(\d{8}|\d{4}-\d{2}-\d{2})$/,
  /-latest$/,
]
const PREVIEW = /-preview$/

function withoutSuffixes(model: string): { name: string; isAssumed: boolean }[] {
  const found: { name: string; isAssumed: boolean }[] = []
  let name = model
  let isAssumed = false
  for (;;) {
    const isPreview = PREVIEW.test(name)
    const suffix = isPreview ? PREVIEW : SUFFIXES.find((pattern) => pattern.test(name))
    if (!suffix) return found
    name = name.replace(suffix, "")
    // What follows a preview may cost otherwise.
    isAssumed ||= isPreview
    found.push({ name, isAssumed })
  }
}

const TIERS: Record<string, ServiceTier> = {
  default: "standard",
  standard: "standard",
  auto: "standard",
  on_demand: "standard",
  ondemand: "standard",
  batch: "batch",
  batches: "batch",
  flex: "flex",
  priority: "priority",
  fast: "fast",
}

/** The tier that an answer names, as the price book has it; null for a word that we do not know. Nothing said is the standard tier. */
export function serviceTierOf(word: string | null): ServiceTier | null {
  return word === null ? "standard" : (TIERS[word.trim().toLowerCase()] ?? null)
}
