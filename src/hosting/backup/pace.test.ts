import { expect, test } from "vitest";
import { keepingPace } from "./pace.ts";

test("a backup keeps to its pace over all its streams together, after the first bytes, which hurry", async () => {
  const atPace = keepingPace({ perSecond: 10_000, atOnce: 1_000 });
  const from = performance.now();
  const read = async () => {
    let bytes = 0;
    for await (const chunk of atPace(chunksOf(20, 50))) bytes += chunk.length;
    return bytes;
  };
  expect(await read()).toBe(1_000);
  expect(performance.now() - from).toBeLessThan(80);
  expect(await read()).toBe(1_000);
  expect(performance.now() - from).toBeGreaterThanOrEqual(98);
});

async function* chunksOf(count: number, bytes: number): AsyncGenerator<Uint8Array> {
  for (let number = 0; number < count; number++) yield new Uint8Array(bytes);
}
