import type postgres from "postgres"

/** Queues COMMIT behind everything that was queued before. Await it together with those statements. */
export type Commit = () => Promise<unknown>

/**
 * A transaction whose statements travel without waiting for each other: BEGIN goes out with the first of them and COMMIT with the last, where
 * `sql.begin` waits for each. On a machine whose processes wake slowly those two trips were a third of a small write.
 * `work` queues the commit itself; a statement that failed before it makes the server roll back.
 * @throws what the first failed statement threw: those behind it only say that the transaction is aborted, and may be heard of sooner.
 */
export async function pipeline<T>(
  sql: postgres.Sql,
  work: (tx: postgres.TransactionSql, commit: Commit) => Promise<T>,
): Promise<T> {
  const connection = await sql.reserve()
  let ended: Promise<unknown> | undefined
  let isFailed = false
  let cause: unknown
  const unsafe: typeof connection.unsafe = (...statement) => {
    const query = connection.unsafe(...statement)
    query.catch((error: unknown) => {
      if (!isFailed) cause = error
      isFailed = true
    })
    return query as never
  }
  // The reserved connection speaks the same language; what a transaction adds (savepoints) is not used here.
  const tx = new Proxy(connection, {
    get: (target, name) => (name === "unsafe" ? unsafe : Reflect.get(target, name)),
  }) as unknown as postgres.TransactionSql
  try {
    const begun = connection.unsafe("begin").execute()
    const done = work(tx, async () => {
      ended = connection.unsafe("commit").execute()
      await ended
    })
    const [result] = await Promise.all([done, begun])
    return result
  } catch (error) {
    // COMMIT of a failed transaction rolls back; where it was not sent, this does. Either is the last of what was queued: given back before it is
    // done, the connection would lose the rest, and hand an open transaction to whoever comes next.
    await (ended ?? connection.unsafe("rollback")).catch(() => {})
    throw isFailed ? cause : error
  } finally {
    connection.release()
  }
}
