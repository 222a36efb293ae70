import { setTimeout as delay } from "node:timers/promises";
import type { RunningHost } from "../running-host.ts";

type Known = { id: string; version: number; name: string };

/** A moment and what was there then, as the program acknowledged it. */
export type Moment = { at: Date; names: string[] };

const atOnce = 4;

/** Works in one tenant through the program's HTTP alone and remembers what was acknowledged. */
export class Salesman {
  readonly key: string;
  readonly password: string;
  #host: RunningHost;
  #cookie = "";
  #known: Known[] = [];

  constructor(host: RunningHost, key: string, password: string) {
    this.#host = host;
    this.key = key;
    this.password = password;
  }

  /** Sessions do not outlive a restore; the host may be another one. */
  async signIn(host: RunningHost = this.#host): Promise<void> {
    this.#host = host;
    this.#cookie = await host.signIn(this.key, "admin", this.password);
  }

  async load(rows: number): Promise<void> {
    const names = Array.from({ length: rows }, (_, row) => `${this.key} company ${row}`);
    await inParallel(names, async (name) => {
      const { id, version } = await this.ask("POST", "/api/organisations", 201, { name });
      this.#known.push({ id, version, name });
    });
  }

  async rename(count: number): Promise<void> {
    await inParallel(this.#known.slice(0, count), async (known) => {
      const name = `${known.name}, renamed`;
      const { version } = await this.ask("PATCH", this.#of(known), 200, { name }, known.version);
      Object.assign(known, { name, version });
    });
  }

  async bin(count: number): Promise<void> {
    const gone = this.#known.slice(-count);
    await inParallel(gone, (known) => this.ask("DELETE", this.#of(known), 200, undefined, known.version));
    this.#known = this.#known.filter((known) => !gone.includes(known));
  }

  /** Now, with room to what was committed before it and will be after it. */
  async moment(): Promise<Moment> {
    await delay(20);
    const at = new Date();
    await delay(20);
    return { at, names: this.#known.map(({ name }) => name).sort() };
  }

  /** Every name the list gives, page by page. */
  async names(): Promise<string[]> {
    const names: string[] = [];
    for (let after = ""; ;) {
      const { items, next } = await this.ask("GET", `/api/organisations?limit=200&columns=name${after}`, 200);
      names.push(...items.map(({ name }: { name: string }) => name));
      if (next === null) return names.sort();
      after = `&after=${encodeURIComponent(next)}`;
    }
  }

  #of = ({ id }: Known): string => `/api/organisations/${id}`;

  async ask(method: string, path: string, status: number, body?: unknown, version?: number): Promise<any> {
    const headers: Record<string, string> = version === undefined ? {} : { "if-match": `"${version}"` };
    const answer = await this.#host.ask(this.key, method, path, { cookie: this.#cookie, headers, body });
    if (answer.status !== status)
      throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text}`);
    return answer.body;
  }
}

async function inParallel<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  const left = [...items];
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** How many are in one and not in the other. */
export const differences = (one: readonly string[], other: readonly string[]): number =>
  new Set(one).symmetricDifference(new Set(other)).size + Math.abs(one.length - other.length);
