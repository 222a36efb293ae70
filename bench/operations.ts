/** What is asked of the program, as one of the measured users. */
export type Question = {
  readonly method: "GET" | "POST" | "PATCH";
  readonly path: string;
  readonly body?: Record<string, unknown>;
  /** The text of a file, sent as it is. */
  readonly csv?: string;
  /** The version a change believes to change; counted up by whoever asks again. */
  version?: number;
};

export const operations = [
  "getOne",
  "listByName",
  "filteredList",
  "deepPage",
  "search",
  "create",
  "change",
] as const;
export type Operation = (typeof operations)[number];

export const isRead = (operation: Operation): boolean => operation !== "create" && operation !== "change";

export const benchUsers = [
  { key: "territoryUser", name: "territory", told: "limited to 10 of 1,000 territories, level 70" },
  { key: "ownUser", name: "own", told: "limited to own records, level 59" },
  { key: "administrator", name: "administrator", told: "all rights, level 99" },
] as const;
export type BenchUser = (typeof benchUsers)[number];

export type Session = { readonly host: string; readonly port: number; readonly cookie: string };

/** The headers a browser of that session sends. */
export function headersOf(session: Session, question: Question): Record<string, string> {
  return {
    host: `${session.host}:${session.port}`,
    cookie: session.cookie,
    ...(question.body === undefined ? {} : { "content-type": "application/json" }),
    ...(question.csv === undefined ? {} : { "content-type": "text/csv" }),
    ...(question.version === undefined ? {} : { "if-match": `"${question.version}"` }),
  };
}

/** The question as it travels. */
export function requestText(session: Session, question: Question): string {
  const body = question.csv ?? (question.body === undefined ? "" : JSON.stringify(question.body));
  const length = body === "" ? {} : { "content-length": String(Buffer.byteLength(body)) };
  const headers = Object.entries({ ...headersOf(session, question), ...length });
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return `${question.method} ${question.path} HTTP/1.1\r\n${lines}\r\n${body}`;
}
