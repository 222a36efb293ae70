import { setTimeout as delay } from "node:timers/promises";

const megabyte = 1024 * 1024;

/** At most so many bytes a second, after so many at once. */
export type Pace = { perSecond: number; atOnce: number };

// Fast enough for a terabyte in a night; twice that takes every processor of a small machine from those who work. A
// small server is through before anybody could notice.
export const backupPace: Pace = { perSecond: 50 * megabyte, atOnce: 128 * megabyte };

/** Keeps all streams it is given to one pace together. */
export function keepingPace({ perSecond, atOnce }: Pace) {
  const from = performance.now();
  let bytes = -atOnce;
  return async function* (source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      bytes += chunk.length;
      const early = (bytes * 1000) / perSecond - (performance.now() - from);
      if (early >= 1) await delay(early);
      yield chunk;
    }
  };
}
