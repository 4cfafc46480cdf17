import { Link } from "@/components/ui/link"

export default function PageNotFound() {
  return (
    <section className="flex flex-col items-start gap-3">
      <h1 className="text-title">Not in this project</h1>
      <p className="text-ink-11">
        Nothing with this id is in the project of the address, or you are not a member of that project.
      </p>
      <Link href="/runs" className="button">
        See the runs
      </Link>
    </section>
  )
}
