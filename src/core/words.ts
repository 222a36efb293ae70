/** A text in every language of the product; a missing one does not compile. */
export type Words = { readonly en: string; readonly da: string };
export type Language = keyof Words;
export const languages = ["en", "da"] as const satisfies readonly Language[];
