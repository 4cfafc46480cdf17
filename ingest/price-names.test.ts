import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { canonicalProvider, priceNames, serviceTierOf } from "./price-names"

const namesOf = (provider: string | null, model: string) =>
  priceNames(provider, model).map((name) => `${name.provider} ${name.model}${name.isAssumed ? " ~" : ""}`)

describe("whose price", () => {
  test.each([
    ["OpenAI", "openai"],
    ["openai.chat", "openai"],
    ["openai.responses", "openai"],
    ["anthropic.messages", "anthropic"],
    ["google.generative-ai", "google"],
    ["gcp.gemini", "google"],
    ["gcp.vertex_ai", "vertex_ai"],
    ["google.vertex.chat", "vertex_ai"],
    ["aws.bedrock", "bedrock"],
    ["amazon-bedrock", "bedrock"],
    ["azure.ai.openai", "azure"],
    ["azure.ai.inference", "azure_ai"],
    ["mistral_ai", "mistral"],
    ["x_ai", "xai"],
    ["My Gateway", "my gateway"],
  ])("%s is %s", (name, expected) => {
    expect(canonicalProvider(name)).toBe(expected)
  })
})

describe("names in the order of looking", () => {
  test("exact first, then with and without the provider, then without what follows the name", () => {
    expect(namesOf("anthropic", "claude-sonnet-4-5-20250929")).toEqual([
      "anthropic claude-sonnet-4-5-20250929",
      "anthropic anthropic/claude-sonnet-4-5-20250929",
      "anthropic claude-sonnet-4-5",
      "anthropic anthropic/claude-sonnet-4-5",
    ])
    expect(namesOf("vertex", "claude-sonnet-4-5@20250929")).toContain("vertex_ai claude-sonnet-4-5")
    expect(namesOf("openai", "openai/gpt-4o-2024-08-06")).toContain("openai gpt-4o")
    expect(namesOf("openai", "gpt-4o-latest")).toContain("openai gpt-4o")
    expect(namesOf("google", "models/gemini-3-flash-preview")).toContain("google gemini-3-flash ~")
  })

  test("Bedrock: the region's row before the base one, the profile's ARN by its last part", () => {
    const names = namesOf("bedrock", "eu.anthropic.claude-3-haiku-20240307-v1:0")
    const places = [
      "bedrock eu.anthropic.claude-3-haiku-20240307-v1:0",
      "bedrock eu.anthropic.claude-3-haiku-20240307",
      "bedrock anthropic.claude-3-haiku-20240307-v1:0 ~",
      "bedrock anthropic.claude-3-haiku ~",
    ].map((name) => names.indexOf(name))
    expect(places).toEqual([...places].sort((a, b) => a - b))
    expect(places).not.toContain(-1)
    expect(namesOf(null, "arn:aws:bedrock:us-east-1:1:inference-profile/us.amazon.nova-pro-v1:0")).toContain(
      "bedrock us.amazon.nova-pro-v1:0",
    )
  })

  test("without a provider: a price for nobody in particular, then the provider in the name, when it is one", () => {
    expect(namesOf(null, "azure/gpt-4o")).toEqual([
      " azure/gpt-4o",
      " /azure/gpt-4o",
      "azure gpt-4o",
      "azure azure/gpt-4o",
    ])
    expect(namesOf(null, "acme/gpt-4o").some((name) => name.startsWith("acme "))).toBe(false)
    expect(namesOf("openrouter", "anthropic/claude-3.5-haiku").every((name) => name.startsWith("openrouter "))).toBe(
      true,
    )
  })

  test("a version of the name is no version of the API: v3 stays", () => {
    expect(namesOf("deepseek", "deepseek-v3").some((name) => name.endsWith(" deepseek"))).toBe(false)
  })

  test("every name ends or begins as the given one does, and is never a part from its middle; hostile names end too", () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 200, unit: "grapheme" }),
        fc.option(fc.string({ maxLength: 30 })),
        (model, provider) => {
          for (const name of priceNames(provider, model)) {
            const bare = name.model.slice(name.model.startsWith(`${name.provider}/`) ? name.provider.length + 1 : 0)
            expect(model.includes(bare)).toBe(true)
          }
        },
      ),
    )
    const started = performance.now()
    priceNames("bedrock", `us.anthropic.${"a-latest".repeat(30)}${"-20250101".repeat(20)}`)
    expect(performance.now() - started).toBeLessThan(100)
  })
})

test("a tier that we do not know is none, and nothing said is the standard one", () => {
  expect(
    [null, "default", "STANDARD", "auto", "batch", "flex", "priority", "fast", "scale", ""].map(serviceTierOf),
  ).toEqual(["standard", "standard", "standard", "standard", "batch", "flex", "priority", "fast", null, null])
})
