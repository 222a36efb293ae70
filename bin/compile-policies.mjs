// npm run policies: writes the two migrations that are compiled from the one policy in src/access.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { policiesMigration, shippedLevelsSql } from "#access/index.ts";
import { allModules } from "#modules/index.ts";
import { root } from "./install.mjs";

const folder = join(root, "migrations", "tenant");
writeFileSync(join(folder, "0004-policies.sql"), policiesMigration(allModules.map(({ name }) => name)));
writeFileSync(join(folder, "0005-levels.sql"), shippedLevelsSql());
