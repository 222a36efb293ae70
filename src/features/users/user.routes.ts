import { changesInput, route, routes } from "#platform/http/index.ts";
import {
  changeGroup,
  changeTerritory,
  createGroup,
  createTerritory,
  listGroupsAction,
  listLevelsAction,
  listSignInsAction,
  listTerritoriesAction,
} from "./place-actions.ts";
import {
  changeUser,
  createUser,
  listPeopleAction,
  listUsersAction,
  resetPassword,
  signOutUser,
  unblock,
} from "./user-actions.ts";

export const userRoutes = routes({
  "GET /people": listPeopleAction,
  "GET /users": listUsersAction,
  "POST /users": route(createUser, { status: 201 }),
  "PATCH /users/:userId": route(changeUser, { input: changesInput }),
  "POST /users/:userId/unblock": unblock,
  "POST /users/:userId/password": resetPassword,
  "POST /users/:userId/sign-out": signOutUser,
  "GET /levels": listLevelsAction,
  "GET /territories": listTerritoriesAction,
  "POST /territories": route(createTerritory, { status: 201 }),
  "PATCH /territories/:id": changeTerritory,
  "GET /groups": listGroupsAction,
  "POST /groups": route(createGroup, { status: 201 }),
  "PATCH /groups/:id": changeGroup,
  "GET /sign-ins": listSignInsAction,
});
