import { constants } from "node:os";
import { startProgram } from "./run-until-end.mjs";

/** Code with which a program ends that cannot start as it is set up (EX_CONFIG): starting it again would not help. */
export const setupExitCode = 78;

/** Milliseconds before it is started again, by how many times it ended soon after the last start. */
const pauses = [0, 0, 0, 500, 1_000, 2_000, 5_000];
/** So long a program may take to be gone after it said that it ended: a call to a frozen disk keeps it for ever. */
const goneMilliseconds = 5_000;
/** After so many milliseconds a start counts as good. */
const steadyMilliseconds = 60_000;
/** Signals by which a program ends by a fault of its own. */
const faults = new Set(["SIGABRT", "SIGSEGV", "SIGBUS", "SIGILL", "SIGFPE", "SIGTRAP"]);

/**
 * Runs a program of ours and starts it again whenever it dies: killed, out of memory, crashed or failed. Ends as it ends
 * when it was asked to, or never got so far as to say that it is ready. Each start is told how often it was, and why.
 */
export function watchProgram(program, args) {
  const restarts = {};
  let wasReady = false;
  let soon = 0;
  start();

  function start() {
    const from = performance.now();
    let fatal = "";
    const environment = { STRONGROOM_RESTARTS: JSON.stringify(restarts) };
    const running = startProgram(program, args, { environment, stderr: "pipe" });
    let ended;
    running.child.on("message", (message) => {
      if (message === "ready") wasReady = true;
      if (message.ended === undefined) return;
      ended = message.ended;
      setTimeout(() => running.child.kill("SIGKILL"), goneMilliseconds).unref();
    });
    running.child.stderr.on("data", (chunk) => {
      process.stderr.write(chunk);
      fatal = (fatal + String(chunk)).slice(-20_000);
    });
    running.child.on("close", (closedWith, signal) => {
      running.release();
      const code = ended ?? closedWith;
      if (running.asked() || !wasReady || code === 0) process.exit(code ?? 128 + constants.signals[signal]);
      const reason = reasonOf(code, signal, fatal);
      restarts[reason] = (restarts[reason] ?? 0) + 1;
      soon = performance.now() - from < steadyMilliseconds ? soon + 1 : 0;
      const pause = pauses[Math.min(soon, pauses.length - 1)];
      tell({ reason, code, signal, restarts: restarts[reason], afterMilliseconds: pause });
      // Who is asked to end meanwhile does, by his signal's own way.
      setTimeout(start, pause);
    });
  }
}

function reasonOf(code, signal, fatal) {
  if (/heap out of memory|Allocation failed/.test(fatal) && (signal === "SIGABRT" || code === 134))
    return "out_of_memory";
  if (signal === "SIGKILL") return "killed";
  if (signal !== null && faults.has(signal)) return "crashed";
  return signal === null ? "failed" : "killed";
}

/** A line of the program's log, written for it since it cannot. */
function tell(why) {
  const line = {
    level: 60,
    time: new Date().toISOString(),
    ...why,
    msg: "The program died and is started again",
  };
  process.stderr.write(`${JSON.stringify(line)}\n`);
}
