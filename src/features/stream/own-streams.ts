import { Refusal, Shares, type Whose } from "#core/index.ts";

/** Each looks about once a second. A browser lets a site hold six connections, streams among them. */
const streams = new Shares({
  places: { all: 2_000, tenant: 300, nobody: 0, one: 6 },
  usualSeconds: 600,
});

/** What each user has open, the oldest first. */
const open = new Map<string, Set<() => void>>();

/**
 * Takes a place for one more stream; to make room the oldest of the same user is told to end by its `end`. Throws
 * "too_many" when it is the others of his tenant who have them all. What it answers gives the place back.
 */
export function openStream(whose: Whose, end: () => void): () => void {
  const key = `${whose.tenant} ${whose.user}`;
  const own = open.get(key) ?? new Set();
  let release = streams.takeNow(whose);
  const [oldest] = own;
  if (release === undefined && oldest !== undefined) {
    oldest();
    release = streams.takeNow(whose);
  }
  if (release === undefined) throw new Refusal("too_many", { retryAfterSeconds: 60 });
  open.set(key, own);
  const leave = () => {
    own.delete(finish);
    if (own.size === 0 && open.get(key) === own) open.delete(key);
    release();
  };
  const finish = () => {
    leave();
    end();
  };
  own.add(finish);
  return leave;
}
