import { useFormats, useWords } from "#ui/index.ts";
import { share } from "./band.tsx";
import styles from "./band.module.css";
import type { Kind, Window } from "./restore-query.ts";
import { kindWords } from "./restore.words.ts";

const tones: Record<Kind, "added" | "changed" | "deleted"> = {
  created: "added",
  imported: "added",
  changed: "changed",
  restored: "changed",
  deleted: "deleted",
  erased: "deleted",
};
const order = ["deleted", "changed", "added"] as const;
const heightTotal = 100;

type Bucket = { at: number; counts: Partial<Record<Kind, number>>; total: number };

/** One bar a bucket. Heights grow with the logarithm, so that a single deletion shows beside a large import. */
export function Bars({ window, from, to }: { window: Window; from: number; to: number }) {
  const sayKind = useWords(kindWords);
  const formats = useFormats();
  const buckets = bucketsOf(window);
  const most = Math.max(1, ...buckets.map(({ total }) => total));
  const width = ((window.bucketSeconds * 1000) / (to - from)) * 100;
  return (
    <>
      {buckets.map((bucket) => {
        const height = (Math.log1p(bucket.total) / Math.log1p(most)) * heightTotal;
        const told = Object.entries(bucket.counts).map(([kind, count]) =>
          sayKind[kind as Kind](formats.number(count)),
        );
        return (
          <div
            key={bucket.at}
            className={styles.bar}
            style={{
              left: `${share(bucket.at, from, to) * 100}%`,
              width: `max(2px, calc(${width}% - 1px))`,
              height: `max(3px, ${height}%)`,
            }}
            title={`${formats.exact(new Date(bucket.at).toISOString())}: ${told.join(", ")}`}
          >
            {order.map((tone) => (
              <i key={tone} data-tone={tone} style={{ flexGrow: ofTone(bucket, tone) }} />
            ))}
          </div>
        );
      })}
    </>
  );
}

const ofTone = ({ counts }: Bucket, tone: (typeof order)[number]): number =>
  Object.entries(counts).reduce((sum, [kind, count]) => sum + (tones[kind as Kind] === tone ? count : 0), 0);

export function bucketsOf({ happened }: Pick<Window, "happened">): Bucket[] {
  const buckets = new Map<string, Bucket>();
  for (const { at, kind, count } of happened) {
    const bucket = buckets.get(at) ?? { at: Date.parse(at), counts: {}, total: 0 };
    bucket.counts[kind] = (bucket.counts[kind] ?? 0) + count;
    bucket.total += count;
    buckets.set(at, bucket);
  }
  return [...buckets.values()];
}
