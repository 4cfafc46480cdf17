import { readFile } from "node:fs/promises"
import type { ListPrice } from "@/ingest/price-book"

/** The list prices that ship with Andon. */
export async function readBook(): Promise<ListPrice[]> {
  return JSON.parse(await readFile(new URL("../../db/price-book.json", import.meta.url), "utf8")) as ListPrice[]
}
