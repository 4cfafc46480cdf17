import { Skeleton } from "@/components/ui/panel"

/** The frame of a page whose data are on their way: a sentence, a chart, a table. */
export default function Loading() {
  return (
    <>
      <div className="skeleton h-9 w-2/3" />
      <div className="panel min-h-80">
        <Skeleton rows={6} />
      </div>
      <div className="panel min-h-80">
        <Skeleton rows={8} />
      </div>
    </>
  )
}
