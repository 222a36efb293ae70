export { openHostKey, type HostKey } from "./host-key.ts";
export { seal, unseal } from "./sealed.ts";
export { writeSecret, writeSecretOnce } from "./secret-file.ts";
export { randomName, randomPassword } from "./random.ts";
