import { pool } from "./client"

/** Whether the database answers within `ms`. A driver that waits for a connection must not make a probe wait with it. */
export async function isDatabaseUp(ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const silence = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms)
  })
  const answer = pool("pages")`select 1`.then(
    () => true,
    () => false,
  )
  try {
    return await Promise.race([answer, silence])
  } finally {
    clearTimeout(timer)
  }
}
