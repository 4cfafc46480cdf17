/**
 * A small deterministic generator (mulberry32 over an FNV-1a hash of its name): same name, same numbers, on every machine. Not for secrets.
 */
export class Random {
  #state: number

  constructor(...name: readonly (string | number)[]) {
    let hash = 0x811c9dc5
    for (const char of name.join("/")) hash = Math.imul(hash ^ (char.codePointAt(0) as number), 0x01000193)
    this.#state = hash >>> 0
  }

  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return (t ^ (t >>> 14)) >>> 0
  }

  /** An integer from `low` to `high`, both included. */
  int(low: number, high: number): number {
    return low + Math.floor((this.#next() / 2 ** 32) * (high - low + 1))
  }

  chance(perMille: number): boolean {
    return this.int(1, 1000) <= perMille
  }

  pick<T>(items: readonly T[]): T {
    return items[this.int(0, items.length - 1)] as T
  }

  weighted<T extends { weight: number }>(items: readonly T[]): T {
    let left = this.int(
      1,
      items.reduce((sum, item) => sum + item.weight, 0),
    )
    for (const item of items) {
      left -= item.weight
      if (left <= 0) return item
    }
    return items[items.length - 1] as T
  }

  /** `expected` (a fraction is a chance) as a whole number: 2.25 is 2, one time in four 3. */
  round(expected: number): number {
    const whole = Math.floor(expected)
    return whole + (this.#next() / 2 ** 32 < expected - whole ? 1 : 0)
  }
}
