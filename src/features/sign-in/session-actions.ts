import { z } from "zod";
import { command, languages, query, Refusal, uuidText, type Work } from "#core/index.ts";
import {
  endSessions,
  namesOf,
  noteInSignIns,
  ownDraftKey,
  ownSessions,
  saveLanguage,
} from "./session.store.ts";

const nothing = z.strictObject({});
const ended = z.object({ ended: z.int() });

/** Who is signed in and what his level opens; asked by the web app at its start. */
export const showSession = query({
  name: "session.show",
  summary: "The signed-in user with level, territories, groups and rights.",
  input: nothing,
  output: z.object({
    user: z.object({ id: z.int(), name: z.string(), fullName: z.string() }),
    rights: z.record(z.string(), z.record(z.string(), z.string())),
    permissions: z.array(z.string()),
    draftKey: z.string(),
  }),
  run: async ({ db, actor, call }) => {
    const { territories, groups, currency } = await namesOf(db, actor.userId);
    const { userId: id, name, fullName, language, level: number, levelName } = actor;
    return {
      user: {
        id,
        name,
        fullName,
        language,
        level: { number, name: levelName[language], words: levelName },
        territories,
        groups,
      },
      tenant: { name: call.tenant.name, currency },
      rights: actor.rights,
      permissions: actor.permissions,
      draftKey: await ownDraftKey(db),
    };
  },
});

export const setLanguage = command({
  name: "session.set_language",
  summary: "Chooses the language of the signed-in user.",
  input: z.strictObject({ language: z.enum(languages) }),
  output: z.object({}),
  again: async () => ({}),
  run: async ({ db, input }) => {
    await saveLanguage(db, input.language);
    return {};
  },
});

export const listSessions = query({
  name: "session.list",
  summary: "The user's own open sessions.",
  input: nothing,
  output: z.object({
    items: z.array(
      z.object({
        id: z.uuid(),
        current: z.boolean(),
        createdAt: z.string(),
        lastSeenAt: z.string(),
        ip: z.string().nullable(),
        userAgent: z.string().nullable(),
      }),
    ),
  }),
  run: async ({ db, actor }) => ({ items: await ownSessions(db, actor.sessionId) }),
});

export const endSession = command({
  name: "session.end",
  summary: "Ends one of the user's own sessions.",
  input: z.strictObject({ sessionId: uuidText() }),
  output: ended,
  run: async ({ db, actor, input }) => {
    const count = await endSessions(db, actor.userId, input.sessionId);
    if (count === 0) throw new Refusal("not_found");
    return { ended: count };
  },
});

export const signOut = command({
  name: "session.sign_out",
  summary: "Ends this session.",
  input: nothing,
  output: ended,
  run: (work) => leave(work, work.actor.sessionId),
});

export const signOutEverywhere = command({
  name: "session.sign_out_everywhere",
  summary: "Ends every session of the user, this one included.",
  input: nothing,
  output: ended,
  run: (work) => leave(work, null),
});

async function leave({ db, actor, call }: Work<unknown>, which: string | null) {
  const count = await endSessions(db, actor.userId, which);
  await noteInSignIns(db, { id: actor.userId, name: actor.name }, call, "signed_out");
  return { ended: count };
}
