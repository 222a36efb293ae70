import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { generatedPassword } from "#features/users/index.ts";
import type { Answer, Asking, Browser, Canary } from "../canary/index.ts";
import type { Decisions } from "./decisions.ts";
import { exampleOf, type Known, type Operation } from "./operations.ts";

/** An operation with everything it needs: who may ask it, of what, and with what. */
export type Question = { browser: Browser; method: string; path: string; body: unknown; asking: Asking };

const records = ["organisations", "persons", "products", "opportunities", "activities"];
let made = 0;
const unique = () => `Checked ${Date.now().toString(36)} ${made++}`;

/** Makes ready what the operation is asked of, by whoever may ask it. */
export async function questionOf(
  operation: Operation,
  canary: Canary,
  decisions: Decisions,
): Promise<Question> {
  if (operation.operationId === "session.change_password")
    return await firstPassword(operation, canary, decisions);
  const browser = ofOneself(operation) ? await canary.signedIn("display") : canary.administrator;
  const known = await knownValues(canary, decisions);
  const subject = await subjectOf(operation, browser, canary, decisions, known);
  const { query, body } = exampleOf(operation, known);
  const path =
    operation.path.replace(/\{(\w+)\}/g, (_all, name: string) =>
      name === "module" ? "organisation" : subject.id,
    ) + query;
  const asking = { headers: { "if-match": `"${subject.version}"` } };
  if (operation.operationId === "import.upload")
    return {
      browser,
      method: "POST",
      path: `${operation.path}${importQuery}`,
      body: importFile,
      asking: { type: "text/csv" },
    };
  const fields = { ...body, ...beside(operation, canary) };
  return {
    browser,
    method: operation.method,
    path,
    body: ["GET", "DELETE"].includes(operation.method) ? undefined : fields,
    asking,
  };
}

/** A new user changes the password he was given; nobody else's may change while the others are checked. */
async function firstPassword(
  { method, path }: Operation,
  canary: Canary,
  decisions: Decisions,
): Promise<Question> {
  const user = { name: unique(), fullName: "Checked", level: 25 };
  const { body } = await decisions.ask(canary.administrator, "POST", "/api/users", user);
  const browser = canary.browser();
  await browser.signIn(user.name, body.password);
  return {
    browser,
    method,
    path,
    body: { current: body.password, next: generatedPassword() },
    asking: {},
  };
}

/** Leaves nobody but a user made for it without a session or a password. */
const ofOneself = ({ path }: Operation) =>
  /^\/api\/(session|sessions|sign-out|sign-out-everywhere|sign-in)(\/|$)/.test(path);

async function knownValues(canary: Canary, decisions: Decisions): Promise<Known> {
  const { body } = await decisions.ask(
    canary.administrator,
    "GET",
    "/api/organisations?limit=1&columns=name",
  );
  return {
    name: unique(),
    lastName: unique(),
    fullName: unique(),
    q: "checked",
    stage: "engaging",
    level: 25,
    module: "organisation",
    fileName: "checked.csv",
    moment: new Date().toISOString(),
    organisation: body.items[0].id,
  };
}

/** Fields that are not required, without which the operation would do nothing. */
function beside({ operationId, path }: Operation, canary: Canary): Record<string, unknown> {
  const { name, password } = canary.user("display");
  const own: Record<string, Record<string, unknown>> = {
    "session.sign_in": { name, password },
    "session.set_language": { language: "en" },
    "user.change": { fullName: unique() },
    "territory.change": { name: unique() },
    "import.change": { mapping: { name: "name" } },
  };
  const ofRecord: Record<string, Record<string, unknown>> = {
    change: { notes: "Checked" },
    reassign: { secondResponsible: null },
  };
  const isRecord = records.includes(path.split("/")[2] ?? "");
  return own[operationId] ?? (isRecord ? (ofRecord[operationId.split(".")[1] ?? ""] ?? {}) : {});
}

type Subject = { id: string; version: number };
const none: Subject = { id: "", version: 1 };

/** A record, user, territory, group, import or session of its own for every operation that works on one. */
async function subjectOf(
  operation: Operation,
  browser: Browser,
  canary: Canary,
  decisions: Decisions,
  known: Known,
): Promise<Subject> {
  if (!operation.path.includes("{") || operation.path.includes("{module}")) return none;
  const [, , folder = ""] = operation.path.split("/");
  const make = async (fields: unknown) =>
    await decisions.ask(canary.administrator, "POST", `/api/${folder}`, fields);
  switch (folder) {
    case "sessions":
      return await anotherSession(browser, canary, decisions);
    // A check asks for no restore; one that nobody asked for is decided and logged all the same.
    case "restores":
      return { id: randomUUID(), version: 1 };
    case "imports":
      return await anImport(operation, canary, decisions);
    case "users":
      // Unblocking is written into the sign-in log, which keeps who stands in it.
      if (operation.path.endsWith("/unblock")) return subject(canary.user("display"));
      return subject((await make({ name: unique(), fullName: "Checked", level: 25 })).body.user);
    case "persons":
      return await forVerb(
        operation,
        await make({ lastName: unique(), organisation: known["organisation"] }),
        canary,
        decisions,
      );
    default: {
      const needed = { opportunities: { stage: "engaging" }, activities: { kind: "call" } }[folder];
      return await forVerb(operation, await make({ name: unique(), ...needed }), canary, decisions);
    }
  }
}

const subject = (body: { id?: unknown; version?: number } | undefined): Subject => ({
  id: String(body?.id),
  version: body?.version ?? 1,
});

/** What is brought back or erased must be in the bin. */
async function forVerb(
  { path }: Operation,
  { body }: Answer,
  canary: Canary,
  decisions: Decisions,
): Promise<Subject> {
  if (!/\/(restore|erase)$/.test(path)) return subject(body);
  const record = path.replace(/\/(restore|erase)$/, "").replace("{id}", body.id);
  const headers = { "if-match": `"${body.version}"` };
  return subject((await decisions.ask(canary.administrator, "DELETE", record, undefined, { headers })).body);
}

const importFile = "name\nChecked\n";
const importQuery = "?module=organisation&fileName=checked.csv";

/** An uploaded file; one that has been imported where that is to be undone. */
async function anImport(
  { path }: Operation,
  { administrator }: Canary,
  decisions: Decisions,
): Promise<Subject> {
  const { body } = await decisions.ask(administrator, "POST", `/api/imports${importQuery}`, importFile, {
    type: "text/csv",
  });
  if (!path.endsWith("/undo")) return subject(body);
  const at = `/api/imports/${body.id}`;
  await decisions.ask(administrator, "POST", `${at}/run`, {});
  for (let tries = 0; tries < 50; tries++) {
    if ((await decisions.ask(administrator, "GET", at)).body.state === "done") break;
    await delay(200);
  }
  return subject(body);
}

async function anotherSession(browser: Browser, canary: Canary, decisions: Decisions): Promise<Subject> {
  await canary.signedIn("display");
  const { body } = await decisions.ask(browser, "GET", "/api/sessions");
  const other = body.items.find(({ current }: { current: boolean }) => !current);
  return { id: String(other?.id), version: 1 };
}
