import { later } from "@/components/ui/later"

/** Forms over the queue, fetched when the first is opened: a page that is only looked at does without. */
export const AssignSheet = later(() =>
  import("@/components/exceptions/assign-sheet").then((module) => module.AssignSheet),
)
export const ResolveSheet = later(() =>
  import("@/components/exceptions/resolve-sheet").then((module) => module.ResolveSheet),
)
export const UntilSheet = later(() => import("@/components/exceptions/until-sheet").then((module) => module.UntilSheet))
export const NoteSheet = later(() => import("@/components/ui/reason-sheet").then((module) => module.ReasonSheet))
