import { endInOrder } from "./ending.ts";
import { parseCommand, usage } from "./command-line.ts";
import { complaintOf } from "./complaint.ts";
import { isAboutMoments, parseMomentCommand, runMomentCommand } from "./moment-command.ts";
import { isAboutPackages, parsePackageCommand, runPackageCommand } from "./package-command.ts";
import { isAboutRecovery, parseRecoveryCommand } from "./recovery-command-line.ts";
import { runRecoveryCommand } from "./recovery-commands.ts";
import { isAboutRequests, parseRequestCommand, runRequestCommand } from "./request-command.ts";
import { runTenantCommand } from "./tenant-commands.ts";
import { UsageError } from "./usage-error.ts";
import { withHost } from "./with-host.ts";

endInOrder();
try {
  const output = await run(process.argv.slice(2));
  process.stdout.write(`${output}\n`);
} catch (error) {
  process.stderr.write(`${complaintOf(error)}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

async function run(words: string[]): Promise<string> {
  if (words.length === 0 || words.includes("--help") || words.includes("-h")) return usage;
  if (isAboutPackages(words)) return runPackageCommand(parsePackageCommand(words));
  if (isAboutMoments(words)) return runMomentCommand(parseMomentCommand(words));
  if (isAboutRequests(words)) return runRequestCommand(parseRequestCommand(words));
  if (isAboutRecovery(words)) return runRecoveryCommand(parseRecoveryCommand(words));
  const command = parseCommand(words);
  return withHost(({ tenancy }) => runTenantCommand(tenancy, command));
}
