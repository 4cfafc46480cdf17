type Act = { submittedAt: number; error: Error | null }

/** Of several acts of one place the one that was begun last: what an older one was refused for says nothing any more. */
export const latestOf = (first: Act, ...others: Act[]): Act =>
  others.reduce((latest, act) => (act.submittedAt > latest.submittedAt ? act : latest), first)
