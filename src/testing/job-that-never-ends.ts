// A worker for the test that kills one: it takes a job of the named queue, says so, and works for ever.
import { openLog } from "#platform/log/index.ts";
import { openQueue } from "#platform/queue/index.ts";

const queue = await openQueue({
  connection: JSON.parse(process.env["CONNECTION"] ?? "{}"),
  log: openLog({ level: "silent" }),
  pace: { heartbeatSeconds: 10, superviseSeconds: 1 },
});
await queue.work(process.argv[2] ?? "", () => {
  process.stdout.write("taken\n");
  return new Promise<void>(() => undefined);
});
