import type { Client } from "pg";
import { Connection } from "./connection.ts";
import { organisationName, personName } from "./rows.ts";
import { fraction, mixed, oneOf } from "./seeded.ts";
import { isRead, requestText, type Operation, type Question, type Session } from "./operations.ts";

const pageSize = 50;
/** How far down the deep page is, where the user sees that much. */
const deepPages = 200;

export type Questions = { readonly of: Readonly<Record<Operation, Question[]>>; readonly deepPages: number };

/** What one user asks: records he may see, in an order that is the seed's. `client` reads past the policies. */
export async function questionsOf(client: Client, session: Session, visible: string): Promise<Questions> {
  const { rows } = await client.query<{ id: string; version: number }>(
    `select id, version from public.organisation where deleted_at is null and ${visible} order by hashtext(id::text) limit 4000`,
  );
  const deep = await deepQuestions(session);
  return {
    deepPages: deep.pages,
    of: {
      getOne: rows.map(({ id }) => ({ method: "GET", path: `/api/organisations/${id}` })),
      listByName: [list({})],
      filteredList: filters.map((filter) => list({ filter: JSON.stringify(filter) })),
      deepPage: deep.questions,
      search: searches(),
      create: Array.from({ length: 2000 }, (_, index) => creation(index)),
      change: rows.map(change),
    },
  };
}

/** The columns of the web app's list until its user chooses others. */
const columns = "name,sector,revenue,employees,officeLocation,parent,responsible";

const list = (parameters: Record<string, string>): Question => ({
  method: "GET",
  path: `/api/organisations?${new URLSearchParams({ sort: "name", columns, limit: String(pageSize), ...parameters })}`,
});

/** From filters that keep every sixth record to some that keep about one in two hundred. */
const filters = [
  { field: "sector", op: "eq", value: "retail" },
  { field: "sector", op: "eq", value: "software" },
  { field: "sector", op: "eq", value: "finance" },
  {
    and: [
      { field: "employees", op: "ge", value: 500 },
      { field: "revenue", op: "lt", value: 100 },
    ],
  },
  {
    and: [
      { field: "sector", op: "eq", value: "energy" },
      { field: "employees", op: "between", value: [50, 5000] },
    ],
  },
  { field: "officeLocation", op: "eq", value: "Denmark" },
  { field: "officeLocation", op: "eq", value: "Norway" },
  {
    and: [
      { field: "yearEstablished", op: "ge", value: 2000 },
      { field: "sector", op: "eq", value: "medical" },
    ],
  },
  {
    and: [
      { field: "yearEstablished", op: "eq", value: 1987 },
      { field: "employees", op: "ge", value: 100 },
    ],
  },
];

/** Walks down the list as a user would, and keeps the markers of its last ten full pages. */
async function deepQuestions(session: Session): Promise<{ questions: Question[]; pages: number }> {
  const connection = await Connection.open(session.port);
  const pages: Question[] = [list({})];
  for (let depth = 1; depth <= deepPages; depth++) {
    const answer = await connection.ask(requestText(session, pages.at(-1) as Question));
    const { next } = JSON.parse(answer.body.toString()) as { next: string | null };
    if (next === null) break;
    pages.push(list({ after: next }));
  }
  connection.close();
  // The very last page may not be a full one.
  const full = pages.slice(0, -1);
  return { questions: full.slice(-10), pages: full.length - 1 };
}

/** Prefixes of two to six letters as people type them, a third of them with a whole word before. */
function searches(): Question[] {
  return Array.from({ length: 300 }, (_, index) => {
    const name =
      index % 2 === 0 ? organisationName(mixed(index, 80) % 20_000) : personName(mixed(index, 81)).join(" ");
    const [first = "", second = ""] = name.toLowerCase().split(" ");
    const letters = 2 + (mixed(index, 82) % 5);
    const q =
      index % 3 === 0
        ? `${first} ${second.slice(0, letters)}`
        : oneOf([first, second], index, 83).slice(0, letters);
    return { method: "GET", path: `/api/search?${new URLSearchParams({ q })}` };
  });
}

const creation = (index: number): Question => ({
  method: "POST",
  path: "/api/organisations",
  body: {
    name: organisationName(3_000_000 + index),
    sector: "retail",
    city: "Norberghaven",
    phone: `+45 ${20_000_000 + index}`,
    employees: 10 + (index % 500),
  },
});

/** Every other change touches what search finds the record by. */
const change = ({ id, version }: { id: string; version: number }, index: number): Question => ({
  method: "PATCH",
  path: `/api/organisations/${id}`,
  version,
  body:
    fraction(index, 84) < 0.5
      ? { employees: 1 + (index % 900), phone: "+45 33 33 33 33" }
      : { city: `Town ${index % 400}` },
});

/** Who asks which: over HTTP alone, with fifteen others, and replayed; no two change the same record. */
export function shared(questions: readonly Question[], operation: Operation, repeatsMax: number) {
  if (isRead(operation)) {
    const step = Math.max(1, Math.floor(questions.length / repeatsMax));
    const same = questions.filter((_, index) => index % step === 0);
    return { one: same, many: questions, replayed: same };
  }
  const third = Math.ceil(questions.length / 3);
  return {
    one: questions.slice(0, third),
    many: questions.slice(third, 2 * third),
    replayed: questions.slice(2 * third).slice(0, repeatsMax),
  };
}
