import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { findChromium } from "./chromium.mjs";
import { fakeTimePackage, findFakeTime } from "./fake-time.mjs";
import { quietly, say } from "./install.mjs";
import { hasPgBackRest, ownServerPackages } from "./pgbackrest.mjs";

/** Installs what the tests need besides libraries and this machine lacks, as far as this program may. */
export function installDebianPackages() {
  const lacking = [
    ...(findChromium() ? [] : ["chromium"]),
    ...(hasPgBackRest() ? [] : ownServerPackages),
    ...(findFakeTime() ? [] : [fakeTimePackage]),
  ];
  if (lacking.length === 0 || process.getuid() !== 0 || !existsSync("/usr/bin/apt-get")) return;
  say(`Installing Debian's ${lacking.join(", ")} for the tests (apt-get) …`);
  startNoServer();
  // The file above stays as it is.
  const apt = { DEBIAN_FRONTEND: "noninteractive", UCF_FORCE_CONFFOLD: "1" };
  quietly("apt-get", ["update", "-q"], apt);
  quietly("apt-get", ["install", "-q", "-y", "--no-install-recommends", ...lacking], apt);
}

/** Debian's PostgreSQL makes and starts a server of its own when it is installed; the tests bring theirs. */
function startNoServer() {
  const path = "/etc/postgresql-common/createcluster.conf";
  if (existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, "create_main_cluster = false\n");
}
