import type { IncomingMessage, ServerResponse } from "node:http"
import type { Options } from "@/db/client"
import { type Listening, listen } from "@/db/listen"
import { AppError } from "@/lib/errors"
import { endHeard, tellHeard } from "@/lib/heard"
import { logError, problem } from "@/lib/http"
import { toIso } from "@/lib/time"
import type { Answerer } from "./answer"

/** Finds the project that a request may watch; throws AppError otherwise. */
export type AuthorizeLive = (request: { headers: Headers; url: URL; remoteIp: string | null }) => Promise<number>

export type LivePace = { beatMs: number; gapMs: number }
const PACE: LivePace = { beatMs: 15_000, gapMs: 500 }
const MOST_CLIENTS = 1_000
const MOST_RUNS = 50
/** A client that lets this much pile up is not reading; it may come back when it does. */
const MOST_UNSENT_BYTES = 64 * 1024
const TOPICS = ["spend", "runs", "verifications", "halts"] as const

type Client = { res: ServerResponse; stillAllowed: () => Promise<number> }
type Channel = {
  clients: Set<Client>
  topics: Set<string>
  runs: Set<string>
  hasMoreRuns: boolean
  timer: NodeJS.Timeout | null
  sentAt: number
}

/**
 * `GET /api/v1/live?project=…` as server-sent events: names what changed, so that pages ask again. It carries no figures.
 * `event: change`, `data: {topics, runs, all_runs, at}`: `runs` holds at most 50 ids, `all_runs` says that more changed. At most one per
 * project every 500 ms: the first at once, what follows gathered. Every 15 seconds a comment proves the line, and the right to watch is
 * asked again. After a gap in our own connection to the database everything counts as changed. With `since` (milliseconds of UTC, when the page
 * was read) what has changed meanwhile is told first.
 */
export class LiveHub {
  private readonly channels = new Map<number, Channel>()
  /** When each topic of a project last changed, for who begins to watch a moment after reading. */
  private readonly changedAt = new Map<number, Map<string, number>>()
  /** Before this nothing is known: we did not listen. */
  private knownSince = Number.POSITIVE_INFINITY
  private readonly listening: Listening
  private readonly beat: NodeJS.Timeout
  private count = 0
  private isClosed = false

  constructor(
    database: Options,
    private readonly authorize: AuthorizeLive,
    private readonly pace: LivePace = PACE,
    private readonly mostClients = MOST_CLIENTS,
  ) {
    this.listening = listen(
      database,
      "andon_live",
      (payload) => this.hear(payload),
      () => this.catchUp(),
    )
    this.beat = setInterval(() => this.heartbeat(), pace.beatMs)
    this.beat.unref()
  }

  async open(req: IncomingMessage, res: ServerResponse, remoteIp: string | null, answerer: Answerer): Promise<void> {
    if (req.method !== "GET") {
      const answer = problem(new AppError("method_not_allowed", "The live stream is read with GET."), "")
      answer.headers.allow = "GET"
      answerer.send(req, res, answer)
      return
    }
    const request = { headers: webHeaders(req), url: new URL(req.url ?? "/", "http://localhost"), remoteIp }
    const stillAllowed = () => this.authorize(request)
    const project = await stillAllowed()
    if (this.isClosed) throw new AppError("shutting_down", "Andon is shutting down.")
    if (this.count >= this.mostClients)
      throw new AppError("busy", "Too many pages are watching.", { retryAfterSeconds: 30 })
    answerer.begin(res, 200, {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "private, no-store",
    })
    res.write("retry: 2000\n\n: watching\n\n")
    const client = { res, stillAllowed }
    this.add(project, client)
    const since = Number(request.url.searchParams.get("since") ?? Number.NaN)
    if (Number.isFinite(since)) this.tellMissed(project, client, since)
  }

  /** What changed between the reading of a page and the opening of its stream; without this it would stay unseen until the next change. */
  private tellMissed(project: number, client: Client, since: number): void {
    const changed = this.changedAt.get(project) ?? new Map<string, number>()
    const topics = since < this.knownSince ? TOPICS : TOPICS.filter((topic) => (changed.get(topic) ?? 0) >= since)
    if (topics.length === 0) return
    write(client, changeText({ topics: [...topics], runs: [], all_runs: true, at: toIso(Date.now()) }))
  }

  private add(project: number, client: Client): void {
    let channel = this.channels.get(project)
    if (!channel) {
      channel = { clients: new Set(), topics: new Set(), runs: new Set(), hasMoreRuns: false, timer: null, sentAt: 0 }
      this.channels.set(project, channel)
    }
    const joined = channel
    joined.clients.add(client)
    this.count += 1
    client.res.on("error", () => {})
    client.res.once("close", () => {
      joined.clients.delete(client)
      this.count -= 1
      if (joined.clients.size > 0) return
      if (joined.timer) clearTimeout(joined.timer)
      if (this.channels.get(project) === joined) this.channels.delete(project)
    })
  }

  private hear(payload: string): void {
    let message: { project?: unknown; topics?: unknown; runs?: unknown; all_runs?: unknown }
    try {
      message = JSON.parse(payload)
    } catch (error) {
      logError("a live message is not JSON", error)
      return
    }
    const project = Number(message.project)
    const changed = this.changedAt.get(project) ?? new Map<string, number>()
    this.changedAt.set(project, changed)
    for (const topic of texts(message.topics)) changed.set(topic, Date.now())
    const isAnyRun = message.all_runs === true
    tellHeard(project, isAnyRun ? [] : texts(message.runs))
    const channel = this.channels.get(project)
    if (!channel) return
    for (const topic of texts(message.topics)) channel.topics.add(topic)
    channel.hasMoreRuns ||= isAnyRun
    for (const run of texts(message.runs)) {
      if (channel.runs.size < MOST_RUNS) channel.runs.add(run)
      else if (!channel.runs.has(run)) channel.hasMoreRuns = true
    }
    this.schedule(channel)
  }

  private catchUp(): void {
    this.knownSince = Date.now()
    tellHeard(null)
    for (const channel of this.channels.values()) {
      for (const topic of TOPICS) channel.topics.add(topic)
      channel.hasMoreRuns = true
      this.schedule(channel)
    }
  }

  private schedule(channel: Channel): void {
    if (channel.timer) return
    const wait = Math.max(0, channel.sentAt + this.pace.gapMs - Date.now())
    channel.timer = setTimeout(() => this.send(channel), wait)
  }

  private send(channel: Channel): void {
    channel.timer = null
    channel.sentAt = Date.now()
    const change = {
      topics: [...channel.topics],
      runs: [...channel.runs],
      all_runs: channel.hasMoreRuns,
      at: toIso(channel.sentAt),
    }
    channel.topics.clear()
    channel.runs.clear()
    channel.hasMoreRuns = false
    const text = changeText(change)
    for (const client of channel.clients) write(client, text)
  }

  private heartbeat(): void {
    for (const [project, channel] of this.channels)
      for (const client of channel.clients) {
        write(client, ": beat\n\n")
        client.stillAllowed().then(
          (allowed) => allowed !== project && client.res.end(),
          // A database that is away ends no stream: nothing is sent meanwhile either.
          (error) => error instanceof AppError && error.code !== "database_unavailable" && client.res.end(),
        )
      }
  }

  /** Ends every stream and the connection that feeds them. */
  async close(): Promise<void> {
    this.isClosed = true
    endHeard()
    clearInterval(this.beat)
    for (const channel of this.channels.values()) {
      if (channel.timer) clearTimeout(channel.timer)
      for (const client of channel.clients) client.res.end()
    }
    await this.listening.stop()
  }
}

type Change = { topics: string[]; runs: string[]; all_runs: boolean; at: string }
const changeText = (change: Change): string => `event: change\ndata: ${JSON.stringify(change)}\n\n`

function write(client: Client, text: string): void {
  if (client.res.writableLength > MOST_UNSENT_BYTES) client.res.destroy()
  else client.res.write(text)
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : []
}

function webHeaders(req: IncomingMessage): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(req.headers)) if (typeof value === "string") headers.set(name, value)
  return headers
}
