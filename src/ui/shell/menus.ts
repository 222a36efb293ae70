import type { Session } from "../api/shapes.ts";

const administrative = ["users", "sign_in_log", "levels", "territories", "groups"];

export const mayAdminister = (session: Session): boolean =>
  administrative.some((permission) => session.permissions.includes(permission));

export const mayUseBin = (session: Session): boolean => session.permissions.includes("bin");
