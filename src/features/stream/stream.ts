import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { perform, query, Refusal, whoseOf, type Action, type Call } from "#core/index.ts";
import { route, routes, type HttpRequest, type HttpReply, type RouteTable } from "#platform/http/index.ts";
import type { Module } from "#records/index.ts";
import { openStream } from "./own-streams.ts";
import { changesSince, lastChange, seenChanges, type SeenChange } from "./stream.store.ts";

/** From which row of the log to look, and which rows after it have been told already. */
type Place = { point: number; told: number[] };
type Answer = Place & { changes: SeenChange[]; userId: number };

/** Rows may be committed later than ones with a higher number; after this long in milliseconds all are. */
const settledAfter = 11_000;

/** Milliseconds between looks; rights end on open streams within a second (surfaces, rule 8). */
const lookEvery = 900;
const changesMax = 200;

/** What others changed, as it happens. Each look is a request of its own, so it sees by the rights of that moment. */
export function streamRoutes(modules: readonly Module[]): RouteTable {
  const names = modules.map((module) => module.name);
  const look: Action<Place, Answer> = query({
    name: "stream.look",
    summary: "Server-sent events: changes of records the asker may see, as they happen.",
    input: z.strictObject({ point: z.int(), told: z.array(z.int()).max(10_000) }),
    output: z.string(),
    run: async ({ db, actor, input }) => {
      if (input.point < 0)
        return { point: await lastChange(db), told: [], changes: [], userId: actor.userId };
      const since = await changesSince(db, input.point, input.told, changesMax);
      const settled = since.filter((change) => Date.parse(change.at) < Date.now() - settledAfter);
      const point = settled.at(-1)?.seq ?? input.point;
      const changes = await seenChanges(db, actor, since, names);
      const told = [...input.told, ...since.map(({ seq }) => seq)].filter((seq) => seq > point);
      return { point, told, changes, userId: actor.userId };
    },
    quiet: true,
  });
  return routes({
    "GET /stream": route(look, { answer: (request, reply, call) => stream(look, request, reply, call) }),
  });
}

async function stream(
  look: Action<Place, Answer>,
  request: HttpRequest,
  reply: HttpReply,
  call: Call,
): Promise<void> {
  const socket = reply.raw;
  const first = await perform(look, call, { point: -1, told: [] });
  let place = placeOf(first);
  // Its user opened more streams than he has places: this one is his oldest, and opens again when it is looked at.
  const leave = openStream(whoseOf(call, first), () => socket.end("event: elsewhere\ndata: {}\n\n"));
  socket.once("close", leave);
  request.leaveAnswers?.();
  reply.hijack();
  const headers = Object.fromEntries(
    Object.entries(reply.getHeaders()).map(([name, value]) => [name, String(value)]),
  );
  socket.writeHead(200, {
    ...headers,
    "content-type": "text/event-stream; charset=utf-8",
    "x-accel-buffering": "no",
  });
  socket.write(": open\n\n");
  try {
    while (!request.raw.destroyed && !socket.destroyed && !socket.writableEnded) {
      await pause(lookEvery);
      // Who does not read is told nothing more; the server drops him when that goes on.
      if (socket.writableNeedDrain) continue;
      const { changes, ...next } = await perform(look, call, place);
      place = placeOf(next);
      if (socket.writableEnded) break;
      for (const change of changes) socket.write(`event: change\ndata: ${JSON.stringify(change)}\n\n`);
      if (changes.length === 0) socket.write(":\n\n");
    }
  } catch (error) {
    // The session ended, or the database is away: the browser opens the stream again when it may.
    if (error instanceof Refusal && error.code === "signed_out" && !socket.writableEnded)
      socket.write("event: end\ndata: {}\n\n");
  } finally {
    socket.end();
  }
}

const placeOf = ({ point, told }: Place): Place => ({ point, told });
