import type postgres from "postgres"

/** Queues COMMIT behind everything that was queued before. Await it together with those statements. */
export type Commit = () => Promise<unknown>

/**
 * A transaction whose statements travel without waiting for each other: BEGIN goes out with the first of them and COMMIT with the last, where
 * `sql.begin` waits for each. On a machine whose processes wake slowly those two trips were a third of a small write.
 * `work` queues the commit itself; a statement that failed before it makes the server roll back, and rejects.
 */
export async function pipeline<T>(
  sql: postgres.Sql,
  work: (tx: postgres.TransactionSql, commit: Commit) => Promise<T>,
): Promise<T> {
  const connection = await sql.reserve()
  // The reserved connection speaks the same language; what a transaction adds (savepoints) is not used here.
  const tx = connection as unknown as postgres.TransactionSql
  let isEnded = false
  try {
    const begun = connection.unsafe("begin").execute()
    const done = work(tx, async () => {
      isEnded = true
      await connection.unsafe("commit")
    })
    const [result] = await Promise.all([done, begun])
    return result
  } catch (error) {
    // COMMIT of a failed transaction rolls back; where it was not sent, this does.
    if (!isEnded) await connection.unsafe("rollback").catch(() => {})
    throw error
  } finally {
    connection.release()
  }
}
