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

/** What is priced apart of its bucket, or by the piece. */
export const RATE_WORDS: Record<string, string> = {
  ...BUCKET_WORDS,
  cache_write_1h: "cache write, 1 hour",
  image_input: "image in",
  image_output: "image out",
  image: "images",
  search: "searches",
  request: "requests",
}
