// npm run policies 0042-policies.sql: writes what is compiled from the one rule in src/access as a new migration.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { policiesMigration } from "#access/index.ts";
import { allModules } from "#modules/index.ts";
import { root } from "./install.mjs";

const [name] = process.argv.slice(2);
if (!/^\d{4}-[a-z-]+\.sql$/.test(name ?? ""))
  throw new Error("Say the new migration's name: 0042-policies.sql");
writeFileSync(
  join(root, "migrations", "tenant", name),
  policiesMigration(allModules.map((module) => module.name)),
  // A migration that may have been applied is never written again.
  { flag: "wx" },
);
