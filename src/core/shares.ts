import { Refusal } from "./refusal.ts";
import { Share, type Waiter } from "./share.ts";

/** For whom a place is taken; the network counts for whoever is not signed in (`networkOf`). */
export type Whose = {
  readonly tenant: string;
  readonly user?: number | undefined;
  readonly network: string;
};

/** How many at once: all together, one tenant, all of it who are not signed in, one user or one of their networks. */
export type Measure = {
  readonly all: number;
  readonly tenant: number;
  readonly nobody: number;
  readonly one: number;
};

export type SharesOptions = {
  readonly places: Measure;
  /** Who may wait for a place; without it nobody waits, and whoever finds none is refused. */
  readonly waiting?: Measure;
  readonly waitSecondsMax?: number;
  /** How long a place is held, before that has been seen. */
  readonly usualSeconds?: number;
  /** Milliseconds of a clock that only runs forward. */
  readonly now?: () => number;
};

/** Gives the place back; a second call does nothing. */
export type Release = () => void;

/**
 * Something scarce, in shares: nobody takes more than his, and who waits gets his turn among tenants first, then
 * between the signed-in and the others of a tenant, then among its users or networks. What is remembered of them is
 * no more than the places and the waiters.
 */
export class Shares {
  readonly #all: Share;
  readonly #places: Measure;
  readonly #waiting: Measure;
  readonly #waitMilliseconds: number;
  readonly #now: () => number;
  /** How long a place is held, in milliseconds, as a moving mean: what a refused one is told to wait comes from it. */
  #held: number;

  constructor({
    places,
    waiting = nobodyWaits,
    waitSecondsMax = 10,
    usualSeconds = 0.1,
    now,
  }: SharesOptions) {
    this.#places = places;
    this.#waiting = waiting;
    this.#waitMilliseconds = waitSecondsMax * 1_000;
    this.#held = usualSeconds * 1_000;
    this.#now = now ?? (() => performance.now());
    this.#all = new Share(places.all, waiting.all);
  }

  /** Waits for its turn when it must. Throws "too_many" when too many wait already, and after too long a wait. */
  async take(whose: Whose, signal?: AbortSignal): Promise<Release> {
    const claim = this.#claim(whose);
    if (!claim.path.some((share) => share.isFull)) return this.#taken(claim);
    const crowded = claim.path.find((share) => share.waiting >= share.waitingMax);
    if (crowded === undefined && signal?.aborted !== true) return await this.#turnOf(claim, signal);
    Share.forgetIdle(claim.path, claim.names);
    throw crowded === undefined ? signal?.reason : this.#refusal(crowded);
  }

  /** A place that is free at this moment, for what cannot wait. */
  takeNow(whose: Whose): Release | undefined {
    const claim = this.#claim(whose);
    if (!claim.path.some((share) => share.isFull)) return this.#taken(claim);
    Share.forgetIdle(claim.path, claim.names);
    return undefined;
  }

  /** Places taken and waited for, and how many tenants, users and networks are remembered for them. */
  get counts(): { taken: number; waiting: number; remembered: number } {
    return { taken: this.#all.taken, waiting: this.#all.waiting, remembered: this.#all.size - 1 };
  }

  #claim({ tenant, user, network }: Whose): Claim {
    const [places, waiting] = [this.#places, this.#waiting];
    const side = user === undefined ? "nobody" : "tenant";
    const one = String(user ?? network);
    const ofTenant = this.#all.part(tenant, places.tenant, waiting.tenant);
    const ofSide = ofTenant.part(side, places[side], waiting[side]);
    const own = ofSide.part(one, places.one, waiting.one);
    return { path: [this.#all, ofTenant, ofSide, own], names: ["", tenant, side, one] };
  }

  #taken({ path, names }: Claim): Release {
    for (const share of path) share.taken += 1;
    const from = this.#now();
    let released = false;
    return () => {
      if (released) return;
      released = true;
      for (const share of path) share.taken -= 1;
      this.#held += (this.#now() - from - this.#held) / 16;
      this.#serve();
      Share.forgetIdle(path, names);
    };
  }

  #turnOf(claim: Claim, signal: AbortSignal | undefined): Promise<Release> {
    return new Promise((resolve, reject) => {
      const settle = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", giveUp);
        Share.removeWaiter(waiter);
      };
      const leave = (reason: unknown) => {
        settle();
        Share.forgetIdle(claim.path, claim.names);
        reject(reason);
      };
      const giveUp = () => leave(signal?.reason);
      const timer = setTimeout(() => leave(this.#refusal(claim.path[1] as Share)), this.#waitMilliseconds);
      const start = () => {
        settle();
        resolve(this.#taken(claim));
      };
      const waiter: Waiter = { path: claim.path, start };
      signal?.addEventListener("abort", giveUp);
      Share.addWaiter(waiter);
    });
  }

  #serve(): void {
    for (let next = this.#all.next(); next !== undefined; next = this.#all.next()) next.start();
  }

  /** To come again when those who wait and those who are in have had their turn. */
  #refusal({ taken, waiting, placesMax }: Share): Refusal {
    const milliseconds = (this.#held * (taken + waiting)) / Math.max(1, placesMax);
    return new Refusal("too_many", {
      retryAfterSeconds: Math.min(retrySecondsMax, Math.max(1, Math.ceil(milliseconds / 1_000))),
    });
  }
}

type Claim = { readonly path: readonly Share[]; readonly names: readonly string[] };

const nobodyWaits: Measure = { all: 0, tenant: 0, nobody: 0, one: 0 };
/** Long enough that repeating is no load, short enough that a person waits for it. */
const retrySecondsMax = 60;
