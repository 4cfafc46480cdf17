/** Where people are told of exceptions. */
export const CHANNEL_KINDS = ["slack", "pagerduty", "webhook", "email"] as const
export type ChannelKind = (typeof CHANNEL_KINDS)[number]
export const CHANNEL_STATES = ["active", "disabled"] as const
export const PAGERDUTY_REGIONS = ["us", "eu"] as const
export type PagerdutyRegion = (typeof PAGERDUTY_REGIONS)[number]
/** Our own body, or the one that Alertmanager sends. */
export const WEBHOOK_FORMATS = ["andon", "alertmanager"] as const
export type WebhookFormat = (typeof WEBHOOK_FORMATS)[number]
export const ALERT_ACTIONS = ["trigger", "resolve", "escalate", "test"] as const
export type AlertAction = (typeof ALERT_ACTIONS)[number]
/** `parked`: given up after the last try, a person may send it again. `dropped`: not worth sending any more. */
export const DELIVERY_STATES = ["pending", "delivered", "parked", "dropped"] as const
export type DeliveryState = (typeof DELIVERY_STATES)[number]
