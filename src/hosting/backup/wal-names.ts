/** A segment of the write-ahead log: 16 MB on one timeline, numbered from the beginning of the log. */
export type Segment = { timeline: number; number: number };

export const segmentBytes = 16 * 1024 * 1024;
const perLog = 0x100;

export const isSegmentName = (name: string): boolean => /^[0-9A-F]{24}$/.test(name);
export const isHistoryName = (name: string): boolean => /^[0-9A-F]{8}\.history$/.test(name);

export function segmentOf(name: string): Segment {
  const [timeline, log, segment] = [0, 8, 16].map((at) => Number.parseInt(name.slice(at, at + 8), 16));
  return { timeline: timeline ?? 0, number: (log ?? 0) * perLog + (segment ?? 0) };
}

export function segmentName({ timeline, number }: Segment): string {
  const hex = (value: number) => value.toString(16).toUpperCase().padStart(8, "0");
  return hex(timeline) + hex(Math.floor(number / perLog)) + hex(number % perLog);
}

/** The segment a position such as `0/1A2B3C4D` lies in. */
export const segmentNumberAt = (position: string): number => Number(placeAt(position) / BigInt(segmentBytes));

function placeAt(position: string): bigint {
  const [high = "0", low = "0"] = position.split("/");
  return BigInt(`0x${high}`) * 0x1_0000_0000n + BigInt(`0x${low}`);
}

/** Where each timeline of one history begins, oldest first; the newest is the last. */
export type Timeline = { timeline: number; beginsAt: number };

/**
 * Reads `0000000N.history`, whose lines say at which position each earlier timeline was left. After a recovery to a moment
 * before some of them began PostgreSQL still names those: nothing of them is in the line.
 */
export function timelinesOf(newest: number, history: string): Timeline[] {
  const told = history
    .split("\n")
    .map((line) => /^(\d+)\s+([0-9A-F]+\/[0-9A-F]+)/.exec(line.trim()))
    .filter((match) => match !== null)
    .map(([, timeline = "", position = ""]) => ({ timeline: Number(timeline), until: placeAt(position) }));
  const found: { timeline: number; from: bigint }[] = [];
  let from = 0n;
  for (const [index, { timeline }] of told.entries()) {
    const until = least(told.slice(index).map((each) => each.until));
    if (until > from || index === 0) found.push({ timeline, from });
    from = until;
  }
  return [...found, { timeline: newest, from }].map((each) => ({
    timeline: each.timeline,
    beginsAt: Number(each.from / BigInt(segmentBytes)),
  }));
}

/** The timeline of `0000000N.history`. */
export const timelineIn = (historyName: string): number => Number.parseInt(historyName.slice(0, 8), 16);

/** What PostgreSQL would have written of it, as far as the files of the log tell: each timeline was left where the next begins. */
export function historyTextOf(timeline: number, line: readonly Timeline[]): string {
  const before = line.filter((each) => each.timeline < timeline);
  const lines = before.map((each, index) => {
    const until = before[index + 1] ?? line.find((next) => next.timeline >= timeline) ?? each;
    return `${each.timeline}\t${positionOf(until.beginsAt)}\tas the files of the log tell\n`;
  });
  return lines.join("\n");
}

function positionOf(segment: number): string {
  const place = BigInt(segment) * BigInt(segmentBytes);
  const hex = (value: bigint) => value.toString(16).toUpperCase();
  return `${hex(place >> 32n)}/${hex(place & 0xffff_ffffn)}`;
}

const least = (all: readonly bigint[]): bigint => all.reduce((one, other) => (other < one ? other : one));
