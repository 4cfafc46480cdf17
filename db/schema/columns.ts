import { customType, timestamp } from "drizzle-orm/pg-core"

/** Unconstrained `numeric` as a decimal string: token prices have up to 23 decimals, a fixed scale would round them. */
export const money = customType<{ data: string; driverData: string }>({ dataType: () => "numeric" })

/** 64-bit integer that crosses the driver as text; token sums may pass 2^53. */
export const int8 = customType<{ data: string; driverData: string }>({ dataType: () => "bigint" })

/** Milliseconds are what the wire and JavaScript keep. */
export const instant = (name?: string) =>
  name
    ? timestamp(name, { withTimezone: true, precision: 3, mode: "string" })
    : timestamp({ withTimezone: true, precision: 3, mode: "string" })
