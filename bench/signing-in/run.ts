// Measures whether the time of an answer tells which names there are, and how many people sign in beside others' work.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { startApp, type App } from "../app.ts";
import { Connection } from "../connection.ts";
import { requestText, type Session } from "../operations.ts";
import { percentile, rounded } from "../results.ts";
import { signIn } from "../sign-in.ts";
import { linesTable, type Line } from "../targets.ts";
import { host, makeTenant, peopleMax } from "./tenant.ts";

const port = Number(process.env["PORT"] ?? 3291);
/** Calls of each kind; fewer of them (`-- 100`) keep nothing. */
const calls = Number(process.argv[2] ?? 2_000);
const callsKept = 2_000;
const differenceMaxMs = 5;
const signInsPerSecondMin = 15;
const othersP99MaxMs = 50;
/** As many as a network has under way. */
const atOnce = 8;
const secondsEach = calls < callsKept ? 3 : 20;
/** Between two questions of who works meanwhile, in milliseconds. */
const paceMilliseconds = 20;

const nobody: Session = { host, port, cookie: "" };
const stranger = (n: number) => ({ name: `stranger ${n}`, password: "wrong" });
const of = (name: string) => () => ({ name, password: "wrong" });
/** What a name may be to which a password does not fit; all are answered alike. */
const kinds: Readonly<Record<string, (n: number) => object>> = {
  unknown: stranger,
  known: of("known"),
  "known, blocked": of("blocked"),
  "known, closed": of("closed"),
  "known, without a password": of("unfinished"),
  "known, first password ended": of("ended"),
};

const folder = await mkdtemp(join(tmpdir(), "strongroom-sign-in-"));
let app: App | undefined;
try {
  app = await startApp(folder, port, "maven.localhost", true);
  const password = await makeTenant(folder);
  const table = [...(await namesTold()), "", ...linesTable(await signInsBesideOthers(password))];
  process.stdout.write(`${table.join("\n")}\n`);
  if (calls >= callsKept) await keep(table);
} finally {
  await app?.stop();
  await rm(folder, { recursive: true, force: true });
}

/** Every kind takes its turn, so that what else the machine does hits them alike. */
async function namesTold(): Promise<string[]> {
  const connection = await Connection.open(port);
  const times = new Map(Object.keys(kinds).map((kind) => [kind, [] as number[]]));
  const ask = async (body: object) => {
    const from = performance.now();
    const answer = await connection.ask(
      requestText(nobody, { method: "POST", path: "/api/sign-in", body: { ...body } }),
    );
    if (answer.status !== 401) throw new Error(`A wrong password was answered ${answer.status}.`);
    return performance.now() - from;
  };
  for (let n = 0; n < 20; n++) await ask(stranger(-n));
  for (let n = 0; n < calls; n++)
    for (const [kind, body] of inTurn(Object.entries(kinds), n)) times.get(kind)?.push(await ask(body(n)));
  connection.close();
  const unknown = percentile(times.get("unknown") ?? [], 50);
  const line = ([kind, seen]: [string, number[]]) => {
    const p50 = percentile(seen, 50);
    const cells = [rounded(p50), rounded(percentile(seen, 99)), rounded(p50 - unknown)];
    const kept = Math.abs(p50 - unknown) <= differenceMaxMs;
    return `| ${kind} | ${cells.join(" | ")} | ≤ ${differenceMaxMs} | ${kept ? "✔" : "✘"} |`;
  };
  const head = `| name (${calls} wrong passwords each) | p50 ms | p99 ms | p50 to unknown's, ms | target | |`;
  return [head, "|---|---:|---:|---:|---:|---|", ...[...times].map(line)];
}

function inTurn<Item>(items: readonly Item[], n: number): Item[] {
  const first = n % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}

async function signInsBesideOthers(password: string): Promise<Line[]> {
  const admin = await signIn(host, port, "admin", password);
  const before = await lists(admin, secondsEach);
  const people = { going: true, signedIn: 0 };
  const one = async (first: number) => {
    for (let n = first; people.going; n += atOnce) {
      await signIn(host, port, `person${(n % peopleMax) + 1}`, password);
      people.signedIn += 1;
    }
  };
  const all = Promise.all(Array.from({ length: atOnce }, (_, first) => one(first)));
  await delay(500);
  const from = { at: performance.now(), signedIn: people.signedIn };
  const during = await lists(admin, secondsEach);
  const perSecond = ((people.signedIn - from.signedIn) / (performance.now() - from.at)) * 1_000;
  people.going = false;
  await all;
  const p99 = percentile(during, 99);
  const cell = (times: readonly number[]) =>
    `${rounded(percentile(times, 50))} / ${rounded(percentile(times, 99))} ms`;
  return [
    {
      what: `Sign-ins of ${peopleMax} people, ${atOnce} at once`,
      target: `≥ ${signInsPerSecondMin}/s`,
      seen: `${rounded(perSecond)}/s`,
      met: perSecond >= signInsPerSecondMin,
    },
    {
      what: `… a colleague's lists meanwhile, p50 / p99 (${cell(before)} before)`,
      target: `p99 ≤ ${othersP99MaxMs} ms`,
      seen: cell(during),
      met: p99 <= othersP99MaxMs,
    },
  ];
}

async function lists(session: Session, seconds: number): Promise<number[]> {
  const connection = await Connection.open(port);
  const question = requestText(session, { method: "GET", path: "/api/organisations?limit=50" });
  const times: number[] = [];
  for (const until = performance.now() + seconds * 1_000; performance.now() < until;) {
    const from = performance.now();
    const { status } = await connection.ask(question);
    if (status !== 200) throw new Error(`A list was answered ${status}.`);
    times.push(performance.now() - from);
    await delay(paceMilliseconds);
  }
  connection.close();
  return times;
}

async function keep(table: readonly string[]): Promise<void> {
  const path = join(import.meta.dirname, "../README.md");
  const text = await readFile(path, "utf8");
  const facts = `${new Date().toISOString().slice(0, 10)}, ${availableParallelism()} cores, load of the machine at the end ${rounded(loadavg()[0] ?? 0)}, Node ${process.versions.node}.`;
  const section = `<!-- sign-in -->\n\n${facts}\n\n${table.join("\n")}\n\n<!-- end of sign-in -->`;
  await writeFile(
    path,
    text.replace(/<!-- sign-in -->[\s\S]*<!-- end of sign-in -->/, () => section),
  );
}
