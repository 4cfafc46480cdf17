/** Why a decoder cannot make an event of an item; the item alone is rejected. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    readonly field: string | null,
    what: string,
  ) {
    super(`${field ?? "the event"} ${what}`)
    this.name = "Refusal"
  }
}
