import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query"
import { getJson, inProject, sendJson } from "@/components/data/http"
import { DELIVERY_STATES, type DeliveryState } from "@/lib/alert-vocabulary"
import type {
  AlertSettings,
  Channel,
  ChannelChange,
  ChannelInput,
  ChannelList,
  ChannelSaved,
  Delivery,
  DeliveryList,
  ToldList,
} from "@/lib/contracts/alerts"

const ALERTS = "/api/v1/alerts"

/** No word of the stream tells of a delivery: they are read at this pace. */
const EVERY_MS = 15_000
const SOON_MS = 3_000

export const channelsQuery = (project: string | null) =>
  queryOptions({
    queryKey: ["alerts", "channels", project],
    queryFn: ({ signal }) => getJson<ChannelList>(inProject(`${ALERTS}/channels`, project), signal),
    staleTime: EVERY_MS / 2,
    refetchInterval: EVERY_MS,
  })

/** What the log shows: everything, or one channel, one state, one exception. */
export type LogOf = { channel: string | null; state: DeliveryState | null; exception: string | null }

/** As the address says it; what cannot be read narrows nothing. */
export function logOf(params: Record<string, string | string[] | undefined>): LogOf {
  const { channel, delivery, exception } = params
  const id = (value: typeof channel, form: RegExp) => (typeof value === "string" && form.test(value) ? value : null)
  return {
    channel: id(channel, /^[1-9]\d{0,8}$/),
    state: DELIVERY_STATES.find((state) => state === delivery) ?? null,
    exception: id(exception, /^[1-9]\d{0,17}$/),
  }
}

export const deliveriesQuery = (project: string | null, { channel, state, exception }: LogOf) =>
  infiniteQueryOptions({
    queryKey: ["alerts", "log", project, channel, state, exception],
    queryFn: ({ signal, pageParam }) =>
      getJson<DeliveryList>(
        inProject(`${ALERTS}/deliveries`, project, {
          ...(channel === null ? {} : { channel }),
          ...(state === null ? {} : { state }),
          ...(exception === null ? {} : { exception }),
          ...(pageParam === null ? {} : { cursor: pageParam }),
        }),
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: EVERY_MS / 2,
    refetchInterval: EVERY_MS,
  })

export const addChannel = (project: string | null, draft: ChannelInput) =>
  sendJson<ChannelSaved>("POST", inProject(`${ALERTS}/channels`, project), draft)
export const changeChannel = (project: string | null, id: number, change: ChannelChange) =>
  sendJson<ChannelSaved>("PATCH", inProject(`${ALERTS}/channels/${id}`, project), change)
export const removeChannel = (project: string | null, { id, version }: Pick<Channel, "id" | "version">) =>
  sendJson<null>("DELETE", inProject(`${ALERTS}/channels/${id}`, project, { version: String(version) }))
export const testChannel = (project: string | null, id: number) =>
  sendJson<Delivery>("POST", inProject(`${ALERTS}/channels/${id}/test`, project), {})
export const sendAgain = (project: string | null, id: string) =>
  sendJson<Delivery>("POST", inProject(`${ALERTS}/deliveries/${id}/retry`, project), {})
export const changeAlertSettings = (project: string | null, settings: AlertSettings) =>
  sendJson<AlertSettings>("PATCH", inProject(`${ALERTS}/settings`, project), settings)

/** Who was told of an exception; what is still on its way is asked for again. */
export const toldQuery = (project: string | null, id: string) =>
  queryOptions({
    queryKey: ["halts", "told", project, id],
    queryFn: ({ signal }) =>
      getJson<ToldList>(inProject(`/api/v1/exceptions/${encodeURIComponent(id)}/told`, project), signal),
    refetchInterval: ({ state }) => {
      const waiting = state.data?.items.filter((told) => told.state === "pending") ?? []
      // One that has failed waits for minutes; a new one leaves within seconds.
      return waiting.length === 0 ? false : waiting.some((told) => told.error === null) ? SOON_MS : EVERY_MS
    },
  })
