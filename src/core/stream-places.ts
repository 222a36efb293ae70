import { Refusal } from "./refusal.ts";

/** Long answers at once: each holds a database connection for as long as somebody reads it. */
const most = { program: 10, tenant: 2, user: 1 } as const;

const taken = new Map<string, number>();

/** Takes a place for one more, or refuses; call what is returned to give it back. */
export function takePlace(of: keyof typeof most, key: string): () => void {
  const place = `${of} ${key}`;
  const count = taken.get(place) ?? 0;
  if (count >= most[of]) throw new Refusal("too_many");
  taken.set(place, count + 1);
  return () => {
    const left = (taken.get(place) ?? 1) - 1;
    if (left === 0) taken.delete(place);
    else taken.set(place, left);
  };
}
