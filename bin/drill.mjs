// npm run drill: installs what is missing, then loses a server on purpose and gets everything back.
import { join } from "node:path";
import { install, root } from "./install.mjs";
import { runUntilEnd } from "./run-until-end.mjs";

install();
runUntilEnd(join(root, "src", "testing", "drill", "drill.ts"), process.argv.slice(2));
