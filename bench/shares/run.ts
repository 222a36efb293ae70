// Measures what one tenant's noise does to another; what is printed stands in bench/README.md.
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { startApp, type App } from "../app.ts";
import { Connection } from "../connection.ts";
import { requestText, type Session } from "../operations.ts";
import { percentile } from "../results.ts";
import { signIn } from "../sign-in.ts";
import type { Noise, Noised } from "./noise.ts";
import { makeTenants, noisy, quiet } from "./tenants.ts";

const port = 3290;
const rounds = 4;
const secondsEach = Number(process.argv[2] ?? 5);
/** Between two questions of the quiet tenant, in milliseconds: some forty people. */
const pace = 20;

const folder = await mkdtemp(join(tmpdir(), "strongroom-shares-"));
let app: App | undefined;
try {
  app = await startApp(folder, port, "maven.localhost", true);
  const password = await makeTenants(folder);
  const [viewer, person] = [
    await signIn(noisy, port, "viewer", password),
    await signIn(quiet, port, "admin", password),
  ];
  const lines: string[] = [];
  for (const [name, noise] of Object.entries(noises(viewer))) {
    const line = await measured(app, name, { ...noise, port }, person, password);
    process.stdout.write(`${line}\n`);
    lines.push(line);
  }
  await keep(lines);
} finally {
  await app?.stop();
  await rm(folder, { recursive: true, force: true });
}

function noises(viewer: Session): Record<string, Omit<Noise, "port">> {
  const nobody = { host: noisy, "content-type": "application/json" };
  const list = { method: "GET", path: "/api/organisations?limit=50", body: "" };
  const guess = JSON.stringify({ name: "nobody", password: "wrong" });
  return {
    "100 anonymous sign-ins": {
      connections: 100,
      method: "POST",
      path: "/api/sign-in",
      headers: nobody,
      body: guess,
    },
    "100 anonymous questions": { connections: 100, headers: { host: noisy }, ...list },
    "100 lists of one display-only user": {
      connections: 100,
      headers: { host: noisy, cookie: viewer.cookie },
      ...list,
    },
    "200 live streams of one display-only user": {
      connections: 200,
      ...list,
      path: "/api/stream",
      headers: { host: noisy, cookie: viewer.cookie },
    },
  };
}

type Seen = { lists: number[]; signIns: number[]; refused: number };

/** Quiet and noisy seconds take turns, so that what else the machine does hits them alike. */
async function measured(
  { memoryMegabytes }: App,
  name: string,
  noise: Noise,
  person: Session,
  password: string,
): Promise<string> {
  const before: Seen = { lists: [], signIns: [], refused: 0 };
  const during: Seen = { lists: [], signIns: [], refused: 0 };
  const answers: Noised = {};
  let megabytes = 0;
  for (let round = 0; round < rounds; round++) {
    await ask(person, password, before);
    const child = fork(join(import.meta.dirname, "noise.ts"));
    child.send(noise);
    await delay(1_000);
    await ask(person, password, during);
    megabytes = Math.max(megabytes, await memoryMegabytes());
    child.send("end");
    const [counts] = (await once(child, "message")) as [Noised];
    for (const [status, count] of Object.entries(counts)) answers[status] = (answers[status] ?? 0) + count;
    await delay(2_000);
  }
  const cell = (seen: Seen) =>
    `${figure(percentile(seen.lists, 50))} / ${figure(percentile(seen.lists, 99))}`;
  const ratio = (pick: "lists" | "signIns", percent: number) =>
    figure(percentile(during[pick], percent) / percentile(before[pick], percent));
  const perSecond = Object.entries(answers).map(
    ([status, count]) => `${status}: ${figure(count / rounds / (secondsEach + 1))}/s`,
  );
  return `| ${name} | ${perSecond.join(", ")} | ${cell(before)} | ${cell(during)} | ${ratio("lists", 99)} × | ${ratio("signIns", 50)} × | ${before.refused + during.refused} of ${before.lists.length + during.lists.length + before.signIns.length + during.signIns.length} | ${figure(megabytes)} |`;
}

async function ask(person: Session, password: string, into: Seen): Promise<void> {
  const until = performance.now() + secondsEach * 1_000;
  const lists = async () => {
    const connection = await Connection.open(port);
    const question = requestText(person, { method: "GET", path: "/api/organisations?limit=50" });
    while (performance.now() < until) {
      const from = performance.now();
      const { status } = await connection.ask(question);
      into.lists.push(performance.now() - from);
      if (status !== 200) into.refused += 1;
      await delay(pace);
    }
    connection.close();
  };
  const signIns = async () => {
    while (performance.now() < until) {
      const from = performance.now();
      const signed = await signIn(quiet, port, "viewer", password).catch(() => undefined);
      into.signIns.push(performance.now() - from);
      if (signed === undefined) into.refused += 1;
      await delay(10 * pace);
    }
  };
  await Promise.all([lists(), signIns()]);
}

function figure(value: number): string {
  return String(Number(value.toPrecision(3)));
}

async function keep(lines: readonly string[]): Promise<void> {
  const path = join(import.meta.dirname, "../README.md");
  const text = await readFile(path, "utf8");
  const facts = `${new Date().toISOString().slice(0, 10)}, ${availableParallelism()} cores, load of the machine at the end ${figure(loadavg()[1] ?? 0)}, Node ${process.versions.node}.`;
  const head =
    "| one tenant's noise | answered with | quiet: lists p50 / p99 ms | meanwhile | p99 × | sign-in p50 × | refused | memory MB |\n| --- | --- | --- | --- | --- | --- | --- | --- |";
  const table = `<!-- shares -->\n\n${facts}\n\n${head}\n${lines.join("\n")}\n\n<!-- end of shares -->`;
  await writeFile(
    path,
    text.replace(/<!-- shares -->[\s\S]*<!-- end of shares -->/, () => table),
  );
}
