import type postgres from "postgres"
import { insertKey } from "@/access/keys"
import { withProject } from "@/db/client"
import type { PolicyDocument } from "@/lib/contracts/policies"
import { DAY_MS } from "@/lib/time"
import { type Load, type Measured, measure } from "./ingest"

/** Every kind of limit, none of them crossed: what judging costs by itself, and nothing of what a breach brings with it. */
const POLICY: PolicyDocument = {
  max_cost_run: "1000000",
  max_steps: 10_000,
  max_duration_s: 86_400,
  max_step_duration_s: 86_400,
  max_retries_per_step: 100,
  heartbeat_s: 3_600,
  loop: {},
  proof_grace_s: 3_600,
  steps: [{ id: "a", required: false }],
}
const LOADS: Load[] = [
  { batch: 100, connections: 8, seconds: 5 },
  { batch: 1, connections: 32, seconds: 5 },
]

export type PolicyRow = { load: Load; isOn: boolean; measured: Measured }

/**
 * Ingest into a project without policies and into one whose every run is judged, in turns, so that a machine that slows down slows both.
 * @param owner adds the second project; its key is made with the secrets of the server's data folder.
 */
export async function measurePolicies(
  owner: postgres.Sql,
  server: { port: number; key: string; pid: number; dataDir: string },
  onRow: (row: PolicyRow) => void,
): Promise<{ load: Load; share: number }[]> {
  const [project] = await owner<
    { id: number }[]
  >`insert into projects (slug, name) values ('judged', 'judged') returning id`
  const id = project?.id as number
  process.env.ANDON_DATA_DIR = server.dataDir
  const { secret } = await withProject(id, async (tx) => {
    const fields = { name: "bench", scopes: ["ingest"] as const, environment: null, createdBy: "bench" }
    return await insertKey(tx, { ...fields, expiresAt: Date.now() + DAY_MS })
  })
  await owner.begin(async (tx) => {
    await tx`select set_config('app.project_ids', ${`{${id}}`}, true)`
    await tx`insert into policies (project_id, workflow, version, document, hash, author, reason)
      values (${id}, '', 1, ${JSON.stringify(POLICY)}::text::jsonb, '', 'bench', 'bench')`
  })
  const shares: { load: Load; share: number }[] = []
  for (const load of LOADS) {
    const rates: Record<"on" | "off", number[]> = { on: [], off: [] }
    for (let turn = 0; turn < 3; turn++)
      for (const isOn of [false, true]) {
        const measured = await measure({ ...server, key: isOn ? secret : server.key }, load)
        rates[isOn ? "on" : "off"].push(measured.eventsPerSecond)
        onRow({ load, isOn, measured })
      }
    shares.push({ load, share: median(rates.on) / median(rates.off) })
  }
  return shares
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] as number
