import { z } from "zod";
import { emailText, languages, nameText } from "#core/index.ts";

const number = z.int().min(1).max(2_147_483_647);

export const userFields = {
  name: nameText(200),
  fullName: nameText(200),
  email: emailText().nullable().optional(),
  level: z.int().min(1).max(99),
  homeTerritory: number.nullable().optional(),
  territories: z.array(number).max(1000).default([]),
  groups: z.array(number).max(1000).default([]),
  language: z.enum(languages).default("en"),
};

export const newUser = z.strictObject(userFields);
export type NewUser = z.infer<typeof newUser>;

export const changedUser = z.strictObject({
  name: userFields.name.optional(),
  fullName: userFields.fullName.optional(),
  email: userFields.email,
  level: userFields.level.optional(),
  homeTerritory: userFields.homeTerritory,
  territories: z.array(number).max(1000).optional(),
  groups: z.array(number).max(1000).optional(),
  active: z.boolean().optional(),
});
export type ChangedUser = z.infer<typeof changedUser>;

export const placeName = nameText(100);
export const numberId = z.coerce.number().int().min(1).max(2_147_483_647);

export const userOutput = z.object({
  id: z.int(),
  name: z.string(),
  fullName: z.string(),
  email: z.string().nullable(),
  level: z.int(),
  homeTerritory: z.int().nullable(),
  territories: z.array(z.int()),
  groups: z.array(z.int()),
  language: z.string(),
  active: z.boolean(),
  blockedAt: z.string().nullable(),
  /** A block keeps from signing in; these go on until they end or are ended. */
  openSessions: z.int(),
  lastSignInAt: z.string().nullable(),
  version: z.int(),
});
export type User = z.infer<typeof userOutput>;
