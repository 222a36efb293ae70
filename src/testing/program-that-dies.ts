// A program for tests of who watches: says how often it was started again, and at its first start dies as it is told.
process.stdout.write(`${process.env["STRONGROOM_RESTARTS"]}\n`);
const [, , death, whenReady] = process.argv;
if (whenReady === "ready") process.send?.("ready");

const held: unknown[] = [];
const deaths: Record<string, () => unknown> = {
  memory: () => {
    for (;;) held.push(Array.from({ length: 100_000 }, (_, index) => ({ index })));
  },
  kill: () => process.kill(process.pid, "SIGKILL"),
  fault: () => {
    throw new Error("a fault of ours");
  },
  setup: () => process.exit(78),
  end: () => process.exit(0),
  hang: () =>
    process.send?.({ ended: 0 }, () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)),
};
const isFirst = process.env["STRONGROOM_RESTARTS"] === "{}";
// What was sent is on its way first.
setTimeout(() => (isFirst ? deaths[death ?? ""]?.() : process.exit(0)), 50);
