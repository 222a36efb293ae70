/** Somebody who waits for a place in every share of `path`, the widest first. */
export type Waiter = { readonly path: readonly Share[]; readonly start: () => void };

/** One of nested shares: how much of it is taken, and who waits within it. */
export class Share {
  taken = 0;
  waiting = 0;
  readonly placesMax: number;
  readonly waitingMax: number;
  readonly #parts = new Map<string, Share>();
  /** Parts in which somebody waits; whose turn is next comes first. */
  readonly #turns = new Set<Share>();
  readonly #waiters = new Set<Waiter>();

  constructor(placesMax: number, waitingMax: number) {
    this.placesMax = placesMax;
    this.waitingMax = waitingMax;
  }

  part(name: string, placesMax: number, waitingMax: number): Share {
    const part = this.#parts.get(name) ?? new Share(placesMax, waitingMax);
    this.#parts.set(name, part);
    return part;
  }

  get isFull(): boolean {
    return this.taken >= this.placesMax;
  }

  /** Shares that are remembered within this one, itself included. */
  get size(): number {
    return [...this.#parts.values()].reduce((sum, part) => sum + part.size, 1);
  }

  /** Who has the next turn, among the parts in turn; undefined while nobody may enter. */
  next(): Waiter | undefined {
    if (this.isFull) return undefined;
    for (const waiter of this.#waiters) return waiter;
    for (const part of this.#turns) {
      const waiter = part.next();
      if (waiter !== undefined) return waiter;
    }
    return undefined;
  }

  static addWaiter(waiter: Waiter): void {
    let within: Share | undefined;
    for (const share of waiter.path) {
      share.waiting += 1;
      if (within !== undefined) within.#turns.add(share);
      within = share;
    }
    if (within !== undefined) within.#waiters.add(waiter);
  }

  /** Whoever waits in the same shares comes after all the others from now on. */
  static removeWaiter(waiter: Waiter): void {
    let within: Share | undefined;
    for (const share of waiter.path) {
      share.waiting -= 1;
      if (within !== undefined) within.#turns.delete(share);
      if (within !== undefined && share.waiting > 0) within.#turns.add(share);
      within = share;
    }
    if (within !== undefined) within.#waiters.delete(waiter);
  }

  /** Forgets the shares of a path in which nothing is taken and nobody waits. */
  static forgetIdle(path: readonly Share[], names: readonly string[]): void {
    let within: Share | undefined;
    for (const [depth, share] of path.entries()) {
      if (within !== undefined && share.taken === 0 && share.waiting === 0)
        within.#parts.delete(names[depth] ?? "");
      within = share;
    }
  }
}
