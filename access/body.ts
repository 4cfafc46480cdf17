import type { z } from "zod"
import { AppError } from "@/lib/errors"
import { issueWords } from "@/lib/issue-words"

const LARGEST = 64 * 1024

/**
 * The JSON body of a mutation, bounded and checked.
 * @throws AppError `unsupported_media_type`, `body_too_large`, `invalid_json`, `invalid_input` naming the field.
 */
export async function readJson<T extends z.ZodType>(request: Request, schema: T): Promise<z.output<T>> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase()
  if (type !== "application/json") throw new AppError("unsupported_media_type", "Send application/json.")
  let value: unknown
  try {
    value = JSON.parse(await boundedText(request))
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError("invalid_json", "The body is not JSON.", { cause: error })
  }
  return parseInput(value, schema)
}

/** @throws AppError `invalid_input` with the first fault and its field. */
export function parseInput<T extends z.ZodType>(value: unknown, schema: T): z.output<T> {
  const parsed = schema.safeParse(value, { error: issueWords })
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const field = issue?.path.join(".")
  throw new AppError("invalid_input", issue?.message ?? "not valid", field ? { field } : {})
}

async function boundedText(request: Request): Promise<string> {
  if (!request.body) return ""
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength
    if (size > LARGEST) throw new AppError("body_too_large", "The body is larger than 64 KiB.")
    chunks.push(chunk)
  }
  return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks))
}
