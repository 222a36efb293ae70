export {
  createFirstAdministrator,
  nameOfUser,
  resetAdministrator,
  unblockByHost,
} from "./first-administrator.store.ts";
export { generatedPassword } from "./generated-password.ts";
export { insertGroup, insertTerritory } from "./places.store.ts";
export { changeUser, mustHold } from "./user-actions.ts";
export { userRoutes } from "./user.routes.ts";
export { placeUsers, updateUser } from "./user.store.ts";
