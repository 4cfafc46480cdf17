/** Stands in a batch for a line that is not JSON: it is rejected alone, with its index, and kept as it came. */
export class UnreadableEvent {
  constructor(readonly raw: string) {}

  /** What a dead letter stores of it. */
  toJSON(): string {
    return this.raw
  }
}

/** Stands in a batch for what a decoder of another format could not turn into an event: rejected alone, kept as it came. */
export class RefusedEvent {
  constructor(
    readonly rejection: { code: string; field: string | null; message: string; id: string | null },
    readonly raw: string,
  ) {}

  toJSON(): string {
    return this.raw
  }
}
