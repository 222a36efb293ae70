import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { setPriority } from "node:os";

/** How far processes stand back, in Linux's niceness: behind requests while the machine has time for both. */
export const standingBack = 10;

/**
 * The floor: who stands back takes at most three times as long as on a quiet machine, whatever else it does. So he
 * stands back less as soon as he waits for a processor longer than one and a half times as long as he has one, in the
 * end before others, who then wait a little. Below the usual niceness only who may (CAP_SYS_NICE) gets.
 */
const levels = [standingBack, 5, 0, -5, -8];
const tooLong = 1.5;
const longEnough = 1.1;
const lookMilliseconds = 250;
// What was waited a while ago counts less, so that hunger is stilled when it comes.
const forgetting = 0.97;
const calmLooks = 8;

type Times = { run: number; wait: number };

const known = new Map<number, { times: Times; withChildren: boolean }>();
let sum: Times = { run: 0, wait: 0 };
let level = 0;
let calm = 0;
let looking: NodeJS.Timeout | undefined;

/** True while there is no time to rest beside standing back. */
export const isBehind = (): boolean => level > 0;

/** The process stands back, with its children if asked, until it ends or the returned function is called. */
export function standsBack(pid: number, withChildren = false): () => void {
  known.set(pid, { times: timesOf(pid), withChildren });
  setNiceness(pid);
  looking ??= setInterval(look, lookMilliseconds).unref();
  return () => forget(pid);
}

function forget(pid: number): void {
  known.delete(pid);
  if (known.size > 0) return;
  clearInterval(looking);
  looking = undefined;
}

function look(): void {
  for (const [pid, { withChildren }] of known)
    if (withChildren) for (const child of childrenOf(pid)) if (!known.has(child)) standsBack(child);
  sum = { run: sum.run * forgetting, wait: sum.wait * forgetting };
  for (const [pid, process_] of known) {
    const now = timesOf(pid);
    if (now.run === 0) {
      forget(pid);
      continue;
    }
    sum.run += Math.max(0, now.run - process_.times.run);
    sum.wait += Math.max(0, now.wait - process_.times.wait);
    process_.times = now;
  }
  const before = level;
  const hunger = sum.wait / Math.max(sum.run, 1);
  calm = hunger < longEnough ? calm + 1 : 0;
  if (hunger > tooLong) level = Math.min(level + 1, levels.length - 1);
  else if (calm >= calmLooks) [level, calm] = [Math.max(level - 1, 0), 0];
  if (level !== before) for (const pid of known.keys()) setNiceness(pid);
}

function setNiceness(pid: number): void {
  const niceness = levels[level] ?? 0;
  // Linux keeps a priority for each thread, and gives new ones that of the thread that made them.
  for (const thread of threadsOf(pid))
    try {
      setPriority(thread, niceness);
    } catch {
      // It is gone by now, or somebody else's, or may not be hurried, and keeps its pace.
    }
  if (pid === process.pid) return;
  try {
    // Linux may weigh sessions before processes (sched_autogroup), and each process of the server is a session.
    writeFileSync(`/proc/${pid}/autogroup`, String(niceness));
  } catch {
    // The same.
  }
}

/** For how long its threads had a processor and waited for one, in nanoseconds; nothing when it is gone. */
function timesOf(pid: number): Times {
  const times = { run: 0, wait: 0 };
  for (const thread of threadsOf(pid)) {
    const [run = 0, wait = 0] = read(`/proc/${pid}/task/${thread}/schedstat`).split(" ").map(Number);
    times.run += run;
    times.wait += wait;
  }
  return times;
}

const threadsOf = (pid: number): number[] => {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return [];
  }
};

const childrenOf = (pid: number): number[] =>
  read(`/proc/${pid}/task/${pid}/children`)
    .split(" ")
    .filter((each) => each !== "")
    .map(Number);

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
