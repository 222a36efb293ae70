import { z } from "zod";
import {
  command,
  mustChange,
  query,
  Refusal,
  whoseOf,
  type Actor,
  type Call,
  type Work,
} from "#core/index.ts";
import { endSessions, hashingFor, noteInSignIns, setPassword } from "../sign-in/index.ts";
import { generatedPassword } from "./generated-password.ts";
import { changedUser, newUser, numberId, userOutput, type ChangedUser, type User } from "./user-shape.ts";
import {
  findLocked,
  findUser,
  insertUser,
  listPeople,
  listUsers,
  unblockUser,
  updateUser,
} from "./user.store.ts";

const permission = "users";
const one = z.strictObject({ userId: numberId });
const withPassword = z.object({ password: z.string() });

export const listUsersAction = query({
  name: "user.list",
  summary: "Every user with level, territories and groups.",
  permission,
  input: z.strictObject({}),
  output: z.object({ items: z.array(userOutput) }),
  run: async ({ db }) => ({ items: await listUsers(db) }),
});

export const listPeopleAction = query({
  name: "user.people",
  summary: "Active users by name, to choose a responsible from.",
  input: z.strictObject({}),
  output: z.object({ items: z.array(z.object({ id: z.int(), name: z.string() })) }),
  run: async ({ db }) => ({ items: await listPeople(db) }),
});

export const createUser = command({
  name: "user.create",
  summary: "Adds a user with a generated password, shown once.",
  permission,
  input: newUser,
  output: z.object({ user: userOutput, password: z.string() }),
  secret: true,
  run: async ({ db, actor, call, input, audit }) => {
    mustHold(actor, input);
    mustReachHomes(actor, [input.homeTerritory]);
    const id = await insertUser(db, input);
    const password = generatedPassword();
    await setPassword(db, call.tenant.door, id, await hashed(password, call, actor));
    audit({
      module: "user",
      detail: { user: id, level: input.level, territories: input.territories, groups: input.groups },
    });
    return { user: await findUser(db, id), password };
  },
});

export const changeUser = command({
  name: "user.change",
  summary: "Changes a user; rights are in force with his next request.",
  permission,
  input: z.strictObject({ userId: numberId, changes: changedUser }),
  output: userOutput,
  again: ({ db, input }) => findUser(db, input.userId),
  find: ({ db, input }) => findLocked(db, input.userId),
  allows: ({ actor, call, input }, user: User) => {
    mustHold(actor, user);
    mustChange(input.changes, call.language);
    mustHold(actor, { ...user, ...input.changes });
    if (input.changes.homeTerritory !== undefined)
      mustReachHomes(actor, [user.homeTerritory, input.changes.homeTerritory]);
    if (call.version === undefined) throw new Refusal("version_missing");
    if (call.version !== user.version)
      throw new Refusal("conflict", { expected: call.version, actual: user.version });
  },
  run: async ({ db, input, audit }, user) => {
    await updateUser(db, user.id, input.changes);
    if (input.changes.active === false) await endSessions(db, user.id, null);
    audit({ module: "user", detail: { user: user.id, changed: changedOnly(user, input.changes) } });
    return await findUser(db, user.id);
  },
});

type Asked = Pick<Work<unknown>, "db" | "actor" | "call">;

const forOne = <Output>(
  name: string,
  summary: string,
  output: z.ZodType,
  run: (work: Asked & { user: User }) => Promise<Output>,
) =>
  command({
    name: `user.${name}`,
    summary,
    permission,
    input: one,
    output,
    secret: true,
    find: ({ db, input }) => findUser(db, input.userId),
    allows: ({ actor }, user: User) => mustHold(actor, user),
    run: ({ db, actor, call, audit }, user) => {
      audit({ module: "user", detail: { user: user.id } });
      return run({ db, actor, call, user });
    },
  });

export const resetPassword = forOne(
  "reset_password",
  "Gives a user a new generated password, shown once, and ends his sessions.",
  withPassword,
  async ({ db, actor, call, user }) => {
    const password = generatedPassword();
    await setPassword(db, call.tenant.door, user.id, await hashed(password, call, actor));
    await endSessions(db, user.id, null);
    return { password };
  },
);

export const signOutUser = forOne(
  "sign_out",
  "Ends every session of a user.",
  z.object({ ended: z.int() }),
  async ({ db, user }) => ({
    ended: await endSessions(db, user.id, null),
  }),
);

const hashed = (password: string, call: Call, actor: Actor) =>
  hashingFor(whoseOf(call, actor), ({ hash }) => hash(password));

/** Nobody grants more than he holds, nor touches who holds more. */
export function mustHold(actor: Actor, user: { level: number; territories: readonly number[] }): void {
  if (user.level > actor.level) throw new Refusal("beyond_own_rights", { field: "level" });
  const within =
    user.territories.length > 0 && user.territories.every((id) => actor.territories.includes(id));
  if (!actor.everywhere && !within) throw new Refusal("beyond_own_rights", { field: "territories" });
}

/** A home places the records of its user: whoever moves it reaches where they were and where they will be. */
function mustReachHomes(actor: Actor, homes: readonly (number | null | undefined)[]): void {
  const within = (home: number | null | undefined) => !home || actor.territories.includes(home);
  if (!actor.everywhere && !homes.every(within))
    throw new Refusal("beyond_own_rights", { field: "homeTerritory" });
}

const changedOnly = (before: User, changes: ChangedUser) =>
  Object.entries(changes).flatMap(([field, after]) => {
    const old = before[field as keyof User];
    return JSON.stringify(old) === JSON.stringify(after) ? [] : [{ field, before: old, after }];
  });

export const unblock = command({
  name: "user.unblock",
  summary: "Lets a user who was blocked after failed sign-ins try again.",
  permission,
  input: one,
  output: userOutput,
  again: ({ db, input }) => findUser(db, input.userId),
  find: ({ db, input }) => findUser(db, input.userId),
  allows: ({ actor }, user: User) => mustHold(actor, user),
  run: async ({ db, call, audit }, user) => {
    await unblockUser(db, user.id);
    await noteInSignIns(db, user, call, "unblocked");
    audit({ module: "user", detail: { user: user.id } });
    return await findUser(db, user.id);
  },
});
