import type { Words } from "./words.ts";

export const shapeWords = {
  required: { en: "is required", da: "skal udfyldes" },
  wrong_type: { en: "is not of the right kind", da: "er ikke af den rigtige slags" },
  wrong_format: { en: "is not written the way it must be", da: "er ikke skrevet, som det skal være" },
  too_long: { en: "may have at most {limit} characters", da: "må højst have {limit} tegn" },
  too_short: { en: "must have at least {limit} characters", da: "skal have mindst {limit} tegn" },
  too_large: { en: "may be at most {limit}", da: "må højst være {limit}" },
  too_small: { en: "must be at least {limit}", da: "skal være mindst {limit}" },
  not_a_choice: { en: "is not one of the choices", da: "er ikke et af valgene" },
  nothing_to_change: { en: "nothing to change", da: "intet at ændre" },
  unknown_field: { en: "is not a field here", da: "er ikke et felt her" },
} satisfies Record<string, Words>;
