import { useNavigate, useSearch } from "@tanstack/react-router";
import { kinds, type Kind } from "./moment-query.ts";

type Shown = { of: string; kind: Kind | "all" | undefined };

/** The module and the kind of records that are shown, as the address has them. */
export function useMomentSearch() {
  const navigate = useNavigate();
  const { of, kind } = useSearch({ strict: false }) as { of?: string; kind?: string };
  return {
    of,
    kind: ([...kinds, "all"] as const).find((each) => each === kind),
    show: (search: Shown) => void navigate({ to: ".", search, replace: true }),
  };
}
