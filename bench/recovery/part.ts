import type { Results } from "../results.ts";

/** What every part of the bench is given. */
export type Part = {
  /** Small, in a minute or two, and nothing is kept. */
  readonly quick: boolean;
  say(text: string): void;
  /** Keeps what is measured so far, for a part that is cut off. */
  keep(results: Results): Promise<void>;
};
