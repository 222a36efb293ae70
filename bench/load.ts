// The load generator: a process of its own that asks over HTTP, and through raw `pg` beside it.
import autocannon, { type Client as CannonClient } from "autocannon";
import pg from "pg";
import type { Script } from "./captured.ts";
import { Connection } from "./connection.ts";
import { headersOf, requestText, type Question, type Session } from "./operations.ts";

export type OneClientJob = {
  readonly kind: "one";
  readonly session: Session;
  readonly questions: readonly Question[];
  /** The statements of such questions, replayed as the tenant's role and, when given, past row security. */
  readonly scripts: readonly Script[];
  readonly asTenant: pg.ClientConfig;
  readonly pastRowSecurity: pg.ClientConfig | undefined;
  readonly rounds: number;
  readonly perRound: number;
};
export type OneClientTimes = { http: number[]; raw: number[]; past: number[]; errors: number };
export type ManyJob = {
  readonly kind: "many";
  readonly session: Session;
  readonly clients: number;
  readonly seconds: number;
  readonly questions: readonly Question[];
};
export type ManyResult = { requestsPerSecond: number; errors: number };

process.on("message", (job: OneClientJob | ManyJob) => {
  const answer = job.kind === "one" ? oneClient(job) : many(job);
  answer.then(
    (result) => process.send?.({ result }),
    (error: Error) => process.send?.({ error: String(error.stack) }),
  );
});

/** Milliseconds of each call; the three ways take turns, so that what else the machine does hits them alike. */
async function oneClient(job: OneClientJob): Promise<OneClientTimes> {
  const http = await Connection.open(job.session.port);
  const raw = await connected(job.asTenant);
  const past = job.pastRowSecurity === undefined ? undefined : await connected(job.pastRowSecurity);
  const times: OneClientTimes = { http: [], raw: [], past: [], errors: 0 };
  const questions = turnsOf(job.questions.map((question) => ({ ...question })));
  const scripts = turnsOf(job.scripts);
  const pastScripts = turnsOf(job.scripts);
  const warmUp = Math.min(10, job.perRound);
  for (let round = -1; round < job.rounds; round++) {
    const calls = round < 0 ? warmUp : job.perRound;
    const into = round < 0 ? { ...times, http: [], raw: [], past: [] } : times;
    for (let call = 0; call < calls; call++) {
      const question = questions();
      // Whoever changes a record has it before him.
      if (question.method === "PATCH")
        await http.ask(requestText(job.session, { method: "GET", path: question.path }));
      const request = requestText(job.session, question);
      const from = performance.now();
      const answer = await http.ask(request);
      into.http.push(performance.now() - from);
      if (answer.status >= 300) times.errors += 1;
      else if (question.version !== undefined) question.version += 1;
    }
    for (let call = 0; call < calls; call++) into.raw.push(await replayed(raw, scripts()));
    if (past !== undefined)
      for (let call = 0; call < calls; call++) into.past.push(await replayed(past, pastScripts()));
  }
  http.close();
  await raw.end();
  await past?.end();
  return times;
}

async function replayed(client: pg.Client, script: Script): Promise<number> {
  const from = performance.now();
  for (const statement of script)
    await (client.query as (...all: unknown[]) => Promise<unknown>).apply(client, [...statement]);
  return performance.now() - from;
}

async function connected(config: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client(config);
  await client.connect();
  return client;
}

function turnsOf<Item>(items: readonly Item[]): () => Item {
  let next = 0;
  return () => items[next++ % items.length] as Item;
}

/** Changes are asked about records of each client's own, each time with the version the last answer left. */
async function many({ session, clients, seconds, questions }: ManyJob): Promise<ManyResult> {
  let next = 0;
  const result = await autocannon({
    url: `http://127.0.0.1:${session.port}`,
    connections: clients,
    duration: seconds,
    setupClient(client: CannonClient) {
      const start = next++;
      const share =
        questions.length < clients ? questions : questions.filter((_, index) => index % clients === start);
      client.setRequests(rotated(share, start).map((question) => cannonRequest(session, question)));
    },
  });
  return {
    requestsPerSecond: result["2xx"] / result.duration,
    errors: result.errors + result.timeouts + result.non2xx,
  };
}

const rotated = <Item>(items: readonly Item[], by: number): Item[] => [
  ...items.slice(by % items.length),
  ...items.slice(0, by % items.length),
];

function cannonRequest(session: Session, question: Question): autocannon.Request {
  let version = question.version;
  const request = {
    method: question.method,
    path: question.path,
    headers: headersOf(session, question),
    ...(question.body === undefined ? {} : { body: JSON.stringify(question.body) }),
  };
  if (version === undefined) return request;
  return {
    ...request,
    setupRequest: (each) => ({ ...each, headers: { ...each.headers, "if-match": `"${version}"` } }),
    onResponse: (status) => {
      if (status === 200) version = (version ?? 0) + 1;
    },
  };
}
