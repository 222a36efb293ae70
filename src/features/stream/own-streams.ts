import { Refusal, Shares, type Whose } from "#core/index.ts";

/** Each looks about once a second. A browser lets a site hold six connections, streams among them. */
const streams = new Shares({
  places: { all: 2_000, tenant: 300, nobody: 0, one: 6 },
  usualSeconds: 600,
});

/** Nobody makes room by ending what he has only just opened: opening costs more than looking. In milliseconds. */
const leastOpen = 2_000;

type Open = { readonly end: () => void; readonly since: number };

/** What each user has open, the oldest first. */
const open = new Map<string, Set<Open>>();

/**
 * Takes a place for one more stream; to make room the oldest of the same user is told to end by its `end`. Throws
 * "too_many" when it is the others of his tenant who have them all, or when he opened all of his just now. What it
 * answers gives the place back.
 */
export function openStream(whose: Whose, end: () => void): () => void {
  const key = `${whose.tenant} ${whose.user}`;
  const own = open.get(key) ?? new Set();
  let release = streams.takeNow(whose);
  const [oldest] = own;
  const since = performance.now();
  if (release === undefined && oldest !== undefined) {
    if (since - oldest.since < leastOpen) throw new Refusal("too_many", { retryAfterSeconds: 2 });
    oldest.end();
    release = streams.takeNow(whose);
  }
  if (release === undefined) throw new Refusal("too_many", { retryAfterSeconds: 60 });
  open.set(key, own);
  const leave = () => {
    own.delete(one);
    if (own.size === 0 && open.get(key) === own) open.delete(key);
    release();
  };
  const finish = () => {
    leave();
    end();
  };
  const one = { end: finish, since };
  own.add(one);
  return leave;
}
