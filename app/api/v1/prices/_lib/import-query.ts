import { z } from "zod"

/** The address of an import: the day that the file is of, and the order to write it. */
export const ImportQuery = z.object({
  as_of: z.iso.date("a day such as 2026-11-20"),
  digest: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .optional(),
  confirm: z.enum(["0", "1"]).optional(),
})
