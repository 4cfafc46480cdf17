/** Stands in a batch for a line that is not JSON: it is rejected alone, with its index, and kept as it came. */
export class UnreadableEvent {
  constructor(readonly raw: string) {}

  /** What a dead letter stores of it. */
  toJSON(): string {
    return this.raw
  }
}
