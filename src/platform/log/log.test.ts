import { expect, test } from "vitest";
import { openLog } from "./index.ts";
import { linePrinter } from "./line-printer.ts";

function written(): { lines: string[]; destination: { write(line: string): void } } {
  const lines: string[] = [];
  return { lines, destination: { write: (line) => void lines.push(line) } };
}

test("secrets never reach the log, however deep they lie", () => {
  const { lines, destination } = written();
  const log = openLog({ level: "info", destination });
  log.info({
    password: "p1",
    user: { token: "p2" },
    request: { headers: { cookie: "p3", authorization: "p4", "set-cookie": "p5" } },
  });
  expect(lines.join()).not.toMatch(/p\d/);
  expect(lines.join().match(/\[redacted\]/g)).toHaveLength(5);
});

test("an unknown level does not silence the log", () => {
  const { lines, destination } = written();
  openLog({ level: "loud", destination }).info("heard");
  expect(lines).toHaveLength(1);
});

test("in a terminal a line is short, and an error keeps its trace", () => {
  const { lines, destination } = written();
  const log = openLog({ level: "info", destination: linePrinter(destination) });
  log.warn({ key: "maven" }, "A tenant sleeps");
  log.error({ err: new Error("broken") }, "Failed");
  expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d warn {2}A tenant sleeps key=maven\n$/);
  expect(lines[1]).toContain("Error: broken");
});
