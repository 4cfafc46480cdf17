const UNIQUE_VIOLATION = "23505"

/** The database refused a second row of a key: whoever was first has it. Drizzle wraps what the driver says. */
export function isUniqueViolation(error: unknown): boolean {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown }
  return code === UNIQUE_VIOLATION || (cause !== undefined && isUniqueViolation(cause))
}
