// npm run controls, npm run faults: installs what is missing, then runs the one of that name with the right Node.
import { join } from "node:path";
import { install, root } from "./install.mjs";
import { runUntilEnd } from "./run-until-end.mjs";

const [program = "controls", ...args] = process.argv.slice(2);
// With --json nothing but the answer may reach standard output.
const write = process.stdout.write;
process.stdout.write = process.stderr.write.bind(process.stderr);
install();
process.stdout.write = write;
runUntilEnd(join(root, "src", "apps", "controls", `${program}.ts`), args);
