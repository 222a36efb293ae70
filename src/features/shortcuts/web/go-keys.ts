import { useNavigate } from "@tanstack/react-router";
import { useModules, useShortcuts } from "#ui/index.ts";

/** The second key after "g", module by module. */
export const goKeys: Record<string, string> = {
  organisation: "o",
  person: "p",
  opportunity: "d",
  activity: "a",
  product: "r",
};

export function useGoKeys(): void {
  const navigate = useNavigate();
  const modules = useModules();
  const toModules = modules.flatMap((module) => {
    const key = goKeys[module.name];
    const go = () => void navigate({ to: "/$module", params: { module: module.path }, search: {} });
    return key ? [[`g ${key}`, go] as const] : [];
  });
  const opportunity = modules.find(({ name }) => name === "opportunity");
  useShortcuts({
    ...Object.fromEntries(toModules),
    "g h": () => void navigate({ to: "/" }),
    "g b": () => {
      if (opportunity)
        void navigate({ to: "/$module", params: { module: opportunity.path }, search: { view: "board" } });
    },
  });
}
