import type { Options } from "./client"

type Settings = Options & { connection: Record<string, string> }

/**
 * The parts of a `postgres://user:password@host:port/database?sslmode=…` address, as options: the driver takes an address only
 * as an argument of its own, and every pool of ours adds to the options. Several hosts may be named, separated by commas;
 * a `host` parameter may name a socket folder. Other parameters become session settings.
 * @throws Error when it is no such address; its text never repeats the password.
 */
export function urlOptions(address: string): Options {
  const match = address.match(/^postgres(?:ql)?:\/\/(?:([^@/?]*)@)?([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/)
  if (!match) throw new Error("DATABASE_URL is not an address like postgres://user:password@host:5432/database")
  const [, login = "", authority = "", database = "", query = ""] = match
  const colon = login.indexOf(":")
  const user = decodeURIComponent(colon < 0 ? login : login.slice(0, colon))
  const password = colon < 0 ? "" : decodeURIComponent(login.slice(colon + 1))

  const options: Settings = { connection: {} }
  if (authority) options.host = decodeURIComponent(authority)
  if (user) options.user = user
  if (password) options.password = password
  if (database) options.database = decodeURIComponent(database)
  for (const [name, value] of new URLSearchParams(query)) {
    if (name === "host") options.host = value
    else if (name === "port") options.port = Number(value)
    else if (name === "user" || name === "password") options[name] = value
    else if (name === "dbname") options.database = value
    else if (name === "sslmode" || name === "ssl") options.ssl = sslOption(value)
    else if (name === "connect_timeout") options.connect_timeout = Number(value)
    else if (name !== "schema") options.connection[name] = value
  }
  return options
}

function sslOption(mode: string): Options["ssl"] {
  switch (mode) {
    case "disable":
    case "false":
      return false
    case "allow":
    case "prefer":
    case "require":
    case "verify-full":
      return mode
    default:
      return "verify-full"
  }
}
