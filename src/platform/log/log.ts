import { pino, type DestinationStream, type Level, type Logger } from "pino";
import { linePrinter } from "./line-printer.ts";

export type Log = Logger;

const levels: readonly string[] = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];

const secretNames = [
  "password",
  "newPassword",
  "currentPassword",
  "token",
  "sessionToken",
  "secret",
  "cookie",
  "authorization",
  '["set-cookie"]',
  "connectionString",
];

const secretPaths = secretNames.flatMap((name) => {
  const dotted = name.startsWith("[") ? name : `.${name}`;
  return [dotted.replace(/^\./, ""), `*${dotted}`, `*.*${dotted}`];
});

/**
 * The program's log: JSON lines, or one short line each when a person looks at a terminal.
 * `STRONGROOM_LOG` sets the level (trace … fatal, silent); `info` when absent.
 * Fields named like a secret are replaced by `[redacted]` down to the third level.
 */
export function openLog(options: { level?: string; destination?: DestinationStream } = {}): Log {
  const wanted = options.level ?? process.env.STRONGROOM_LOG ?? "info";
  const level = (levels.includes(wanted) ? wanted : "info") as Level;
  const destination = options.destination ?? (process.stdout.isTTY ? linePrinter(process.stdout) : undefined);
  const settings = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    redact: { paths: secretPaths, censor: "[redacted]" },
  };
  return destination ? pino(settings, destination) : pino(settings);
}
