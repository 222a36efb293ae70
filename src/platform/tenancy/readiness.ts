import type { Pool } from "pg";
import { versionOf } from "./versions.ts";

/** Why no tenant can be served. */
export type NotReady = "registry_away" | "registry_not_migrated";

const milliseconds = 2_000;
const rememberedMilliseconds = 1_000;

/** Asks the registry whether it is there and at this program's version; anybody may ask, so at most once a second. */
export function readinessOf(registry: Pool, migrations: string): () => Promise<NotReady[]> {
  let known: { until: number; answer: Promise<NotReady[]> } | undefined;
  return () => {
    if (known !== undefined && performance.now() < known.until) return known.answer;
    known = { until: performance.now() + rememberedMilliseconds, answer: ask(registry, migrations) };
    return known.answer;
  };
}

async function ask(registry: Pool, migrations: string): Promise<NotReady[]> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error("no answer")), milliseconds);
  try {
    const asked = registry.query<{ version: number }>(
      "SELECT coalesce(max(number), 0) AS version FROM public.schema_version",
    );
    const { rows } = await Promise.race([asked, late.promise]);
    return rows[0]?.version === (await versionOf(migrations)) ? [] : ["registry_not_migrated"];
  } catch {
    return ["registry_away"];
  } finally {
    clearTimeout(timer);
  }
}
