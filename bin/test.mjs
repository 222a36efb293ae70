// npm test: everything, on a machine that has nothing. The last line alone says how it went.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findChromium } from "./chromium.mjs";
import { installDebianPackages } from "./debian.mjs";
import { fakeTimePackage, findFakeTime } from "./fake-time.mjs";
import { environment, install, quietly, root, say } from "./install.mjs";
import { hasPgBackRest, ownServerPackages } from "./pgbackrest.mjs";
import { buildWeb } from "./web.mjs";

const count = { passed: 0, failed: 0, skipped: 0 };

install();
installDebianPackages();
check("types", () => quietly("tsc", ["--noEmit", "-p", "tsconfig.json"]));
check("lint", () => quietly("oxlint", []));
check("format", () => quietly("oxfmt", ["--check"]));
check("unused", () => quietly("knip", []));
check("web build", buildWeb);
runTests();
if (!findChromium()) skip(browserFiles().length, "Browser tests", "chromium");
if (!hasPgBackRest()) skip(1, "The tests of a server of the host's own", ...ownServerPackages);
if (!findFakeTime()) skip(1, "The tests of a clock that is set back", fakeTimePackage);

const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : "";
say(`${count.passed} passed, ${count.failed} failed${skipped}`);
process.exit(count.failed > 0 ? 1 : 0);

function check(name, work) {
  const started = performance.now();
  const { ok, output } = work();
  count[ok ? "passed" : "failed"]++;
  say(`${ok ? "ok  " : "FAIL"} ${name} (${seconds(started)} s)`);
  if (!ok) say(output);
}

function runTests() {
  const started = performance.now();
  const folder = mkdtempSync(join(tmpdir(), "strongroom-report-"));
  const report = join(folder, "report.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const { status } = spawnSync("vitest", ["run", ...reporters], {
    cwd: root,
    env: { ...environment, CI: "1" },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const failedBefore = count.failed;
  if (existsSync(report)) countTests(JSON.parse(readFileSync(report, "utf8")));
  // A run that broke without any single test failing is a failure all the same.
  if (status !== 0 && count.failed === failedBefore) count.failed++;
  rmSync(folder, { recursive: true });
  say(`${status === 0 ? "ok  " : "FAIL"} tests (${seconds(started)} s)`);
}

function countTests(report) {
  count.passed += report.numPassedTests;
  count.failed += report.numFailedTests;
  count.skipped += report.numPendingTests + (report.numTodoTests ?? 0);
  // A file that could not be loaded has no tests to count.
  count.failed += report.testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  ).length;
}

function browserFiles() {
  const folder = join(root, "specs", "browser");
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".test.ts")) : [];
}

function skip(files, what, ...packages) {
  count.skipped += files;
  say(`${what} skipped: install "${packages.join(" ")}" with apt-get as root.`);
}

function seconds(started) {
  return ((performance.now() - started) / 1_000).toFixed(1);
}
