export { hashingFor, hashPassword, hashShares } from "./password-hash.ts";
export { endSessions, noteInSignIns, setPassword } from "./session.store.ts";
export { signInRoutes } from "./sign-in.routes.ts";
export { newToken, tokenHash } from "./tokens.ts";
