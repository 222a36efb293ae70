import { setTimeout as pause } from "node:timers/promises";
import type { Browser } from "./api.ts";

export function upload(browser: Browser, module: string, file: Buffer | string, fileName = "file.csv") {
  return browser.ask("POST", "/api/imports", undefined, {
    raw: file,
    query: { module, fileName },
    headers: { "content-type": "text/csv" },
  });
}

/** Looks at the import until no job is at work on it. */
export async function untilDone(browser: Browser, id: string) {
  for (;;) {
    const { body } = await browser.ask("GET", `/api/imports/${id}`);
    if (!["waiting", "running", "undoing"].includes(body.state)) return body;
    await pause(20);
  }
}

/** Uploads and runs a file with the mapping that is suggested, unless another is given. */
export async function importFile(browser: Browser, module: string, file: Buffer | string, changes?: object) {
  const { status, body, text } = await upload(browser, module, file);
  if (status !== 201) throw new Error(text);
  if (changes !== undefined) await browser.ask("PATCH", `/api/imports/${body.id}`, changes);
  const run = await browser.ask("POST", `/api/imports/${body.id}/run`);
  if (run.status !== 202) throw new Error(run.text);
  return await untilDone(browser, body.id);
}
