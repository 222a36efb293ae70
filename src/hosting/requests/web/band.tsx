import { useMediaQuery } from "@mantine/hooks";
import type { CSSProperties, KeyboardEvent, PointerEvent } from "react";
import { useFormats, useWords } from "#ui/index.ts";
import { Bars } from "./bars.tsx";
import styles from "./band.module.css";
import type { Window } from "./restore-query.ts";
import { restoreWords } from "./restore.words.ts";
import { ticksIn } from "./span.ts";

type Props = {
  window: Window;
  at: string | undefined;
  onChoose: (moment: Date) => void;
  onZoom: (moment: Date) => void;
};

const dayMilliseconds = 86_400_000;

/** The window as a band of time: what can be restored, what happened, and the moment that is chosen. */
export function Band({ window, at, onChoose, onZoom }: Props) {
  const say = useWords(restoreWords);
  const formats = useFormats();
  const [from, to, now] = [window.from, window.to, window.now].map(Date.parse) as [number, number, number];
  const earliest = window.earliest === null ? now : Date.parse(window.earliest);
  const isNarrow = useMediaQuery("(max-width: 760px)") ?? false;
  const chosen = at === undefined ? undefined : Date.parse(at);
  const within = (time: number) => Math.min(Math.max(time, earliest), now);
  const place = (start: number, end: number): CSSProperties => {
    const left = share(start, from, to);
    return { left: `${left * 100}%`, width: `${Math.max(0, share(end, from, to) - left) * 100}%` };
  };
  const momentAt = ({ clientX, currentTarget }: PointerEvent<HTMLElement>) => {
    const { left, width } = currentTarget.getBoundingClientRect();
    return new Date(within(from + ((clientX - left) / width) * (to - from)));
  };
  const step = (event: KeyboardEvent) => {
    const moved = keyStep(event, window.bucketSeconds * 1000, dayMilliseconds);
    const ends = { Home: earliest, End: now }[event.key];
    if (moved === undefined && ends === undefined) {
      if (event.key === "+" && chosen !== undefined) onZoom(new Date(chosen));
      return;
    }
    event.preventDefault();
    onChoose(new Date(ends ?? within((chosen ?? now) + (moved ?? 0))));
  };
  return (
    <div className={styles.picture}>
      <div
        className={styles.band}
        role="slider"
        tabIndex={0}
        aria-label={say.picture}
        aria-valuemin={earliest}
        aria-valuemax={now}
        aria-valuenow={chosen ?? now}
        aria-valuetext={at === undefined ? say.noneChosen : formats.exact(at)}
        onKeyDown={step}
        onClick={(event) => onChoose(momentAt(event as unknown as PointerEvent<HTMLElement>))}
        onDoubleClick={(event) => onZoom(momentAt(event as unknown as PointerEvent<HTMLElement>))}
      >
        <div className={styles.open} style={place(earliest, now)} title={say.restorable} />
        {window.gaps.map((gap) => (
          <div
            key={gap.from}
            className={styles.gap}
            style={place(Date.parse(gap.from), Date.parse(gap.to))}
            title={say.gap}
          />
        ))}
        {chosen !== undefined && <div className={styles.lost} style={place(chosen, now)} />}
        <Bars window={window} from={from} to={to} />
        {chosen !== undefined && chosen >= from && chosen <= to && (
          <div className={styles.cursor} style={{ left: `${share(chosen, from, to) * 100}%` }} />
        )}
      </div>
      <div className={styles.axis} aria-hidden>
        {ticksIn(from, to, isNarrow ? 4 : 8).map((tick) => (
          <span key={tick.getTime()} style={{ left: `${share(tick.getTime(), from, to) * 100}%` }}>
            {to - from > 2 * dayMilliseconds
              ? formats.dayOfMonth(tick.toISOString())
              : formats.clock(tick.toISOString())}
          </span>
        ))}
      </div>
    </div>
  );
}

/** Where a time stands in a span, from 0 to 1. */
export const share = (time: number, from: number, to: number): number =>
  Math.min(1, Math.max(0, (time - from) / (to - from)));

/** A bucket at a time; with Shift a sixtieth of it, so that the hour is walked by the second. */
function keyStep({ key, shiftKey }: KeyboardEvent, bucket: number, day: number): number | undefined {
  const one = shiftKey ? Math.max(1000, bucket / 60) : bucket;
  return { ArrowLeft: -one, ArrowDown: -one, ArrowRight: one, ArrowUp: one, PageDown: -day, PageUp: day }[
    key
  ];
}
