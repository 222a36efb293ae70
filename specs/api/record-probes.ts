import { randomUUID } from "node:crypto";
import type { Module } from "#records/index.ts";
import type { Browser } from "#testing/api.ts";

export type Body = Record<string, any>;
export type Whose = "own" | "colleague" | "stranger";
type Asked = { module: Module; browser: Browser; admin: Browser; record: Body; whose: number };
type Probe = (asked: Asked) => Promise<boolean>;

const named = ({ record }: Asked) => ({
  filter: JSON.stringify({ field: "name", op: "eq", value: record["name"] }),
});
const at = ({ module, record }: Asked, rest = "") => `/api/${module.path}/${record["id"]}${rest}`;
const listed = async (asked: Asked, rest = "") =>
  await asked.browser.ask("GET", `/api/${asked.module.path}${rest}`, undefined, { query: named(asked) });

/** Sends a change of the record's present version; true when it was made. */
const changes =
  (method: string, rest: string, body: (asked: Asked) => Body | undefined): Probe =>
  async (asked) => {
    const { version } = (await asked.admin.ask("GET", at(asked))).body;
    const { status } = await asked.browser.ask(method, at(asked, rest), body(asked), {
      headers: { "if-match": `"${version}"` },
    });
    return status === 200;
  };
/** Asks about a record that the administrator put in the bin. */
const inBin =
  (rest: string): Probe =>
  async (asked) => {
    await asked.admin.ask("DELETE", at(asked), undefined, {
      headers: { "if-match": `"${asked.record["version"]}"` },
    });
    return changes("POST", rest, () => ({}))(asked);
  };
const shows =
  (rest: string): Probe =>
  async (asked) =>
    (await asked.browser.ask("GET", at(asked, rest))).status === 200;

/** A person is placed by its organisation; every other record by its responsible. */
const newRecord = ({ module, record, whose }: Asked): Body => {
  if (module.name === "person") return { lastName: randomUUID(), organisation: record["organisation"].id };
  const kind =
    module.name === "activity"
      ? { kind: "call" }
      : module.name === "opportunity"
        ? { stage: "engaging" }
        : {};
  return { name: randomUUID(), responsible: whose, ...kind };
};

/** How to find out whether a route reaches a record; "…" stands for the module's path. */
export const recordProbes: Record<string, Probe> = {
  "GET /…": async (asked) => ((await listed(asked)).body.items ?? []).length === 1,
  "GET /…/count": async (asked) => (await listed(asked, "/count")).body.count === 1,
  "POST /…/export": async (asked) =>
    (await asked.browser.ask("POST", `/api/${asked.module.path}/export`, named(asked))).text.includes(
      asked.record["name"],
    ),
  "GET /…/board": async (asked) =>
    JSON.stringify((await listed(asked, "/board")).body ?? "").includes(asked.record["id"]),
  "POST /…": async (asked) =>
    (await asked.browser.ask("POST", `/api/${asked.module.path}`, newRecord(asked))).status === 201,
  "GET /…/:id": shows(""),
  "GET /…/:id/timeline": shows("/timeline"),
  "GET /…/:id/access": shows("/access"),
  "PATCH /…/:id": changes("PATCH", "", () => ({ notes: "changed" })),
  "PATCH /…/:id, moved elsewhere": async (asked) => {
    const { id } = (await asked.browser.ask("GET", "/api/session")).body.user;
    const territory = (await asked.admin.ask("POST", "/api/territories", { name: randomUUID() })).body.id;
    const elsewhere = { name: randomUUID(), responsible: id, territory };
    const { body } = await asked.admin.ask("POST", "/api/organisations", elsewhere);
    return changes("PATCH", "", () => ({ organisation: body.id }))(asked);
  },
  "DELETE /…/:id": changes("DELETE", "", () => undefined),
  "POST /…/:id/move": changes("POST", "/move", () => ({ stage: "won" })),
  "POST /…/:id/reassign": async (asked) => {
    // A person is reassigned with its organisation, never by itself.
    if (asked.module.follows !== undefined) return false;
    return changes("POST", "/reassign", ({ whose }) => ({ responsible: whose, secondResponsible: whose }))(
      asked,
    );
  },
  "POST /…/:id/restore": inBin("/restore"),
  "POST /…/:id/erase": inBin("/erase"),
};
