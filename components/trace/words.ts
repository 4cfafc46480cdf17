import type { TokenBucket } from "@/lib/vocabulary"

/** Buckets of usage as a reader names them. */
export const BUCKET_WORDS: Record<TokenBucket, string> = {
  input: "input",
  cache_read: "cache read",
  cache_write: "cache write",
  output: "output",
  reasoning: "reasoning",
  audio_input: "audio in",
  audio_output: "audio out",
}

/** Where a check stands on the page of its run; a name may hold anything. */
export const checkId = (check: string): string => `check-${encodeURIComponent(check)}`
