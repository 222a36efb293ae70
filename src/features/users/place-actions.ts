import { z } from "zod";
import { command, mustChange, query, Refusal } from "#core/index.ts";
import {
  insertGroup,
  insertTerritory,
  listGroups,
  listLevels,
  listSignIns,
  listTerritories,
  renameGroup,
  updateTerritory,
} from "./places.store.ts";
import { numberId, placeName } from "./user-shape.ts";

const permission = "users";
const nothing = z.strictObject({});
const parent = z.int().min(1).max(2_147_483_647).nullable();
const territory = z.object({ id: z.int(), name: z.string(), parent: z.int().nullable() });
const group = z.object({ id: z.int(), name: z.string() });
const listOf = (item: z.ZodType) => z.object({ items: z.array(item) });

export const listTerritoriesAction = query({
  name: "territory.list",
  summary: "The tree of territories.",
  input: nothing,
  output: listOf(territory),
  run: async ({ db }) => ({ items: await listTerritories(db) }),
});

export const createTerritory = command({
  name: "territory.create",
  summary: "Adds a territory, at the top or below another.",
  permission,
  input: z.strictObject({ name: placeName, parent: parent.default(null) }),
  output: territory,
  again: async ({ db }, { id }) => (await listTerritories(db)).find((each) => each.id === id),
  run: async ({ db, actor, input }) => {
    if (!actor.everywhere && (input.parent === null || !actor.territories.includes(input.parent)))
      throw new Refusal("beyond_own_rights", { field: "parent" });
    return await insertTerritory(db, input.name, input.parent);
  },
});

export const changeTerritory = command({
  name: "territory.change",
  summary: "Renames a territory or moves it in the tree; who sees what follows at once.",
  permission,
  input: z.strictObject({ id: numberId, name: placeName.optional(), parent: parent.optional() }),
  output: territory,
  again: async ({ db }, { id }) => (await listTerritories(db)).find((each) => each.id === id),
  run: async ({ db, actor, call, input }) => {
    if (!actor.everywhere) throw new Refusal("beyond_own_rights", { field: "parent" });
    const { id: _, ...changes } = input;
    mustChange(changes, call.language);
    const changed = await updateTerritory(db, input.id, input);
    if (changed === undefined) throw new Refusal("not_found");
    return changed;
  },
});

export const listGroupsAction = query({
  name: "group.list",
  summary: "The groups of users with similar rights.",
  input: nothing,
  output: listOf(group),
  run: async ({ db }) => ({ items: await listGroups(db) }),
});

export const createGroup = command({
  name: "group.create",
  summary: "Adds a group.",
  permission,
  input: z.strictObject({ name: placeName }),
  output: group,
  again: async ({ db }, { id }) => (await listGroups(db)).find((each) => each.id === id),
  run: ({ db, input }) => insertGroup(db, input.name),
});

export const changeGroup = command({
  name: "group.change",
  summary: "Renames a group.",
  permission,
  input: z.strictObject({ id: numberId, name: placeName }),
  output: group,
  again: async ({ db }, { id }) => (await listGroups(db)).find((each) => each.id === id),
  run: async ({ db, input }) => {
    const changed = await renameGroup(db, input.id, input.name);
    if (changed === undefined) throw new Refusal("not_found");
    return changed;
  },
});

export const listLevelsAction = query({
  name: "level.list",
  summary: "The access levels: who may do what.",
  input: nothing,
  output: listOf(
    z.object({
      number: z.int(),
      name: z.string(),
      rights: z.record(z.string(), z.record(z.string(), z.string())),
      permissions: z.array(z.string()),
    }),
  ),
  run: async ({ db, actor }) => ({
    items: (await listLevels(db)).map((level) => ({ ...level, name: level.name[actor.language] })),
  }),
});

export const listSignInsAction = query({
  name: "sign_in.list",
  summary: "The sign-in log: every attempt with its address, newest first.",
  permission: "sign_in_log",
  input: z.strictObject({
    after: numberId.optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  output: z.object({
    items: z.array(
      z.object({ id: z.int(), at: z.string(), name: z.string(), ip: z.string(), outcome: z.string() }),
    ),
    next: z.string().nullable(),
  }),
  run: async ({ db, input }) => {
    const items = await listSignIns(db, input.after, input.limit);
    return { items, next: items.length === input.limit ? String(items.at(-1)?.id) : null };
  },
});
