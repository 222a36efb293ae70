import { expect } from "vitest";
import type { Browser } from "./api.ts";

export type Stored = { id: string; version: number; name: string };
export type Change = {
  id: string;
  kind: string;
  version: number | null;
  name: string;
  fields: { field: string }[];
};

const withVersion = (version: number) => ({ headers: { "if-match": `"${version}"` } });

/** Records made, shown and changed by somebody, whatever version they have. */
export function byHand(admin: Browser) {
  const show = async (path: string, id: string) => (await admin.ask("GET", `/api/${path}/${id}`)).body;
  const asked = async (method: string, path: string, fields?: object, version?: number) => {
    const { status, body, text } = await admin.ask(
      method,
      `/api/${path}`,
      fields,
      version === undefined ? {} : withVersion(version),
    );
    if (status > 299) throw new Error(text);
    return body;
  };
  const atItsVersion = async (method: string, path: string, id: string, below = "", fields?: object) => {
    const { version } = await show(path, id);
    return asked(method, `${path}/${id}${below}`, fields, version);
  };
  return {
    show,
    add: (path: string, fields: object): Promise<Stored> => asked("POST", path, fields),
    change: (path: string, id: string, fields: object) => atItsVersion("PATCH", path, id, "", fields),
    remove: (path: string, id: string) => atItsVersion("DELETE", path, id),
    erase: (path: string, id: string) => atItsVersion("POST", path, id, "/erase", {}),
    reassign: (path: string, id: string, to: object) => atItsVersion("POST", path, id, "/reassign", to),
  };
}

/** What somebody compares with a moment, and takes back from it. */
export function besideMoment(browser: Browser, moment: string) {
  return {
    async changes(module: string, kind: string): Promise<Change[]> {
      const items: Change[] = [];
      for (let after = ""; ;) {
        const path = `/api/moments/${moment}/changes?module=${module}&kind=${kind}&limit=3${after}`;
        const { body } = await browser.ask("GET", path);
        items.push(...body.items);
        if (body.next === null) return items;
        after = `&after=${body.next}`;
      }
    },
    take: (items: object[]) => browser.ask("POST", `/api/moments/${moment}/take-back`, { items }),
    async ended(id: string, state: string) {
      const look = async () => (await browser.ask("GET", `/api/take-backs/${id}`)).body;
      await expect.poll(async () => (await look()).state, { timeout: 20_000, interval: 50 }).toBe(state);
      return look();
    },
    told: async (id: string) =>
      (await browser.ask("GET", `/api/take-backs/${id}/records?limit=200`)).body.items,
  };
}
