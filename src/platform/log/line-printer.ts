import type { DestinationStream } from "pino";

const names: Record<number, string> = {
  10: "trace",
  20: "debug",
  30: "info",
  40: "warn",
  50: "error",
  60: "fatal",
};

/** Prints each JSON line of the log as `12:34:56 warn  message  key=value …`. */
export function linePrinter(out: { write(text: string): unknown }): DestinationStream {
  return {
    write(line) {
      out.write(printed(line));
    },
  };
}

function printed(line: string): string {
  const { level, time, msg, err, ...rest } = JSON.parse(line) as Record<string, unknown>;
  const clock = String(time).slice(11, 19);
  const name = (names[Number(level)] ?? "").padEnd(5);
  const pairs = Object.entries(rest).map(([key, value]) => `${key}=${short(value)}`);
  return `${[clock, name, msg, ...pairs].filter(Boolean).join(" ")}\n${traceOf(err)}`;
}

function short(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function traceOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return "";
  const { stack, message } = error as { stack?: string; message?: string };
  const trace = stack ?? message;
  return trace ? `  ${trace.replaceAll("\n", "\n  ")}\n` : "";
}
