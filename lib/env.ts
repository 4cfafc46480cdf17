import { z } from "zod"

/**
 * What the environment says about serving: where to listen, whom to believe, how much to take. Where data and secrets live is read by
 * `db/connect.ts` and `access/`, which scripts use without a server.
 */
const MIB = 1024 * 1024

const whole = (name: string, least: number, most: number, otherwise: number) =>
  z
    .string()
    .optional()
    .transform((text, context) => {
      if (text === undefined || text === "") return otherwise
      const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
      if (value >= least && value <= most) return value
      context.addIssue({ code: "custom", message: `${name} must be a whole number from ${least} to ${most}` })
      return z.NEVER
    })

const Env = z.object({
  HOST: z.string().trim().optional(),
  PORT: whole("PORT", 1, 65_535, 3000),
  ANDON_TRUSTED_PROXIES: z.string().optional(),
  ANDON_INGEST_FRONT: z.enum(["on", "off", ""], { error: "ANDON_INGEST_FRONT must be on or off" }).optional(),
  ANDON_MAX_BODY_BYTES: whole("ANDON_MAX_BODY_BYTES", 1024, 1024 * MIB, 20 * MIB),
  ANDON_MAX_EVENTS: whole("ANDON_MAX_EVENTS", 1, 100_000, 5_000),
  ANDON_MAX_IN_FLIGHT_BYTES: whole("ANDON_MAX_IN_FLIGHT_BYTES", 1024, 64 * 1024 * MIB, 128 * MIB),
  ANDON_RETENTION_DAYS: whole("ANDON_RETENTION_DAYS", 0, 36_500, 0),
})

export type ServerEnv = {
  host: string
  port: number
  /** Addresses or CIDR ranges of proxies whose `X-Forwarded-For` is believed. */
  trustedProxies: string[]
  /** false sends ingest through its Next route, for tests over both ways in. */
  hasIngestFront: boolean
  limits: IngestLimits
  /** Events and spans of older days are dropped, roll-ups stay; null keeps everything. */
  retentionDays: number | null
}

export type IngestLimits = {
  /** Of one body, on the wire and again inflated. */
  bodyBytes: number
  eventsPerRequest: number
  /** Of all bodies that this process holds at one time; beyond it the answer is 503 `busy`. */
  inFlightBytes: number
}

/** @throws Error that names every wrong variable, for the person at the terminal. */
export function readEnv(source: Record<string, string | undefined>): ServerEnv {
  const parsed = Env.safeParse(source)
  if (!parsed.success) throw new Error(parsed.error.issues.map((issue) => issue.message).join("\n"))
  const env = parsed.data
  return {
    host: env.HOST || "127.0.0.1",
    port: env.PORT,
    trustedProxies: (env.ANDON_TRUSTED_PROXIES ?? "").split(/[\s,]+/).filter(Boolean),
    hasIngestFront: env.ANDON_INGEST_FRONT !== "off",
    limits: {
      bodyBytes: env.ANDON_MAX_BODY_BYTES,
      eventsPerRequest: env.ANDON_MAX_EVENTS,
      inFlightBytes: env.ANDON_MAX_IN_FLIGHT_BYTES,
    },
    retentionDays: env.ANDON_RETENTION_DAYS || null,
  }
}

let read: ServerEnv | undefined

/** The process's own environment, read at first use. */
export function serverEnv(): ServerEnv {
  read ??= readEnv(process.env)
  return read
}
