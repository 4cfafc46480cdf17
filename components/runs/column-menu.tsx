"use client"

import { COLUMNS, type Column, columnsParam } from "@/components/runs/columns"
import { Popover } from "@/components/ui/popover"

/** Which columns the list shows; the address keeps the choice. */
export function ColumnMenu({ shown, choose }: { shown: readonly Column[]; choose: (param: string | null) => void }) {
  const ids = new Set(shown.map(({ id }) => id))
  const toggle = (id: string) => {
    const next = new Set(ids)
    if (!next.delete(id)) next.add(id)
    choose(columnsParam(next))
  }
  return (
    <Popover summary="Columns" align="end" className="max-md:hidden">
      {() => (
        <div className="column-menu">
          {COLUMNS.filter((column) => !column.isFixed).map((column) => (
            <label key={column.id} className="column-choice">
              <input type="checkbox" checked={ids.has(column.id)} onChange={() => toggle(column.id)} />
              {column.word}
            </label>
          ))}
          <button type="button" className="button button-quiet w-full" onClick={() => choose(null)}>
            The usual columns
          </button>
        </div>
      )}
    </Popover>
  )
}
