import { parseArgs } from "node:util"
import { adminByCommand, newPasswordByCommand } from "@/access/command"
import { runScript, withDatabase } from "@/scripts/lib/with-database"

const USAGE = `npm run admin -- create --email you@example.com [--name You] [--project Name] [--zone Area/City]
npm run admin -- password --email you@example.com
The password is read from standard input, so that it stands in no list of processes and no shell history:
  printf %s "$PASSWORD" | npm run admin -- create --email you@example.com`

/** Makes an administrator, or sets a person's password, on the machine itself: for head-less set-up and for the day when nobody can log in. */
runScript(async () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      email: { type: "string" },
      name: { type: "string" },
      project: { type: "string", default: "Default" },
      zone: { type: "string", default: "UTC" },
    },
  })
  const [command] = positionals
  if ((command !== "create" && command !== "password") || positionals.length > 1 || !values.email) {
    process.stderr.write(`${USAGE}\n`)
    return 2
  }
  const { email, name, project, zone } = values
  const password = await readPassword()
  return await withDatabase(process.env, async () => {
    const said =
      command === "create"
        ? await adminByCommand({ email, name: name ?? email, password, project, zone })
        : await newPasswordByCommand(email, password)
    process.stdout.write(`${said}\n`)
    return 0
  })
})

/** Everything on standard input, without the line end of `echo`. */
async function readPassword(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write("Password, then Enter and Ctrl-D (it is shown): ")
  let text = ""
  for await (const chunk of process.stdin.setEncoding("utf8")) text += chunk
  return text.replace(/\r?\n$/, "")
}
