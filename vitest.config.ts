import { defineConfig } from "vitest/config";
import { findChromium } from "./bin/chromium.mjs";
import { findFakeTime } from "./bin/fake-time.mjs";
import { hasPgBackRest } from "./bin/pgbackrest.mjs";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "specs/**/*.test.ts"],
    // Without a browser or pgBackRest these cannot run; bin/test.mjs counts them as skipped and says why.
    exclude: [
      "node_modules/**",
      "dist/**",
      ...(findChromium() ? [] : ["specs/browser/**"]),
      ...(findFakeTime() ? [] : ["src/hosting/restore/clock-set-back.db.test.ts"]),
      ...(hasPgBackRest() ? [] : ["src/hosting/backup/pgbackrest/*.db.test.ts"]),
    ],
    globalSetup: ["src/testing/postgres-server.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 30_000,
    // On two cores one worker alone would wait for PostgreSQL half the time.
    maxWorkers: 2,
    env: { STRONGROOM_LOG: process.env.STRONGROOM_LOG ?? "silent", TZ: "UTC" },
  },
});
