import type { Metadata } from "next"
import { openPage } from "@/app/(dashboard)/_lib/page"
import { NewProjectForm, ProjectForm } from "@/components/settings/project-form"

export const metadata: Metadata = { title: "Settings" }

export default function SettingsPage({ searchParams }: PageProps<"/settings">) {
  return openPage({ path: "/settings", searchParams, permission: "spend.read" }, async ({ actor }) => {
    const { name, zone, prefersReportedCost } = actor.project
    return (
      <>
        <ProjectForm
          key={actor.project.slug}
          name={name}
          zone={zone}
          prefersReportedCost={prefersReportedCost}
          zones={Intl.supportedValuesOf("timeZone")}
        />
        <NewProjectForm zone={zone} />
      </>
    )
  })
}
