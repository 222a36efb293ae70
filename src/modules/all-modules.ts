import type { Module } from "#records/index.ts";
import { activity } from "./activities/activity.ts";
import { opportunity } from "./opportunities/opportunity.ts";
import { organisation } from "./organisations/organisation.ts";
import { person } from "./persons/person.ts";
import { product } from "./products/product.ts";

/** Every CRM noun of the product, in the order of the menu. */
export const allModules: readonly Module[] = [organisation, person, opportunity, activity, product];
