import { Count } from "@/components/ui/figures"
import { ScrollBox } from "@/components/ui/scroll-box"
import type { LedgerHealth } from "@/lib/contracts/settings"
import { formatBytes } from "@/lib/format"

const SHOWN = 12

/** Where the disk goes. */
export function StorageTable({ storage }: { storage: NonNullable<LedgerHealth["storage"]> }) {
  const left = storage.tables.slice(SHOWN)
  return (
    <ScrollBox label="Tables on disk">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Table</th>
            <th scope="col" className="num">
              Size
            </th>
            <th scope="col" className="num">
              Rows, about
            </th>
            <th scope="col">Days</th>
          </tr>
        </thead>
        <tbody>
          {storage.tables.slice(0, SHOWN).map(({ name, bytes, rows, partitions }) => (
            <tr key={name}>
              <th scope="row" className="row-head">
                <code>{name}</code>
              </th>
              <td className="num" title={`${bytes} bytes`}>
                {formatBytes(bytes)}
              </td>
              <td className="num">
                <Count value={rows} isCompact />
              </td>
              <td className="whitespace-nowrap text-ink-11">
                {partitions ? `${partitions.count}: ${partitions.oldest} to ${partitions.newest}` : "–"}
              </td>
            </tr>
          ))}
          {left.length > 0 ? (
            <tr>
              <th scope="row" className="row-head text-ink-11">
                {left.length} more
              </th>
              <td className="num">{formatBytes(left.reduce((sum, { bytes }) => sum + bytes, 0))}</td>
              <td />
              <td />
            </tr>
          ) : null}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">The database</th>
            <td className="num" title={`${storage.database_bytes} bytes`}>
              {formatBytes(storage.database_bytes)}
            </td>
            <td />
            <td />
          </tr>
        </tfoot>
      </table>
    </ScrollBox>
  )
}
