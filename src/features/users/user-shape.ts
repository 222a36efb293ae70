import { z } from "zod";
import { languages } from "#core/index.ts";

const number = z.int().min(1).max(2_147_483_647);
const name = (lengthMax: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(lengthMax)
    .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text), "contains characters that are not text");

export const userFields = {
  name: name(200),
  fullName: name(200),
  email: z.email().max(254).nullable().optional(),
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

export const placeName = name(100);
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
  lastSignInAt: z.string().nullable(),
  version: z.int(),
});
export type User = z.infer<typeof userOutput>;
