import { z } from "zod"

/** Whom an exception can be given to: by name, at most 500; `count` = how many there are. */
export const AssigneeList = z.object({
  items: z.array(z.object({ email: z.string(), name: z.string() })),
  count: z.number().int().min(0),
})
export type AssigneeList = z.infer<typeof AssigneeList>
