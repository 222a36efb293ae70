import { useQueryClient } from "@tanstack/react-query";
import {
  ask,
  keys,
  showRecord,
  tellDone,
  tellRefused,
  useLanguage,
  useModules,
  useWords,
  type CrmRecord,
  type Filter,
  type Module,
} from "#ui/index.ts";
import { fieldNamed, titleOf } from "#features/fields/web/index.ts";
import { showMoved } from "./board-query.ts";
import { boardWords } from "./board.words.ts";

export type Closing = { closesOn?: string; value?: number | null };

/** Moves a card to another stage, at once on the screen; refused, it goes back with the reason. */
export function useMove(module: Module, filter: Filter | undefined) {
  const say = useWords(boardWords);
  const language = useLanguage();
  const modules = useModules();
  const client = useQueryClient();
  const stageName = (stage: string) =>
    fieldNamed(module, "stage")?.choices?.find(({ value }) => value === stage)?.words[language] ?? stage;

  const settle = async (id: string) => {
    await client.invalidateQueries({ queryKey: ["records", module.name, "board"] });
    await client.invalidateQueries({ queryKey: keys.counts(module.name) });
    await client.invalidateQueries({ queryKey: keys.timeline(module.name, id) });
    await client.invalidateQueries({ queryKey: keys.home });
  };
  const send = async (card: CrmRecord, stage: string, closing: Closing): Promise<CrmRecord> => {
    const body = { stage, ...closing };
    const moved = await ask<CrmRecord>("POST", `/api/${module.path}/${card.id}/move`, {
      body,
      version: card.version,
    });
    showRecord(client, module.name, card.id, moved);
    return moved;
  };
  const moveBack = async (card: CrmRecord, moved: CrmRecord) => {
    try {
      const back = await send(moved, String(card["stage"]), {});
      const before = { closesOn: card["closesOn"] ?? null, value: card["value"] ?? null };
      const changed = before.closesOn !== back["closesOn"] || before.value !== back["value"];
      if (changed)
        await ask("PATCH", `/api/${module.path}/${card.id}`, { body: before, version: back.version });
    } catch (error) {
      tellRefused(error, language, modules);
    }
    await settle(card.id);
  };
  return async (card: CrmRecord, stage: string, index: number, closing: Closing = {}) => {
    const { value } = closing;
    showMoved(client, filter, { ...card, ...(value !== undefined && { value }) }, stage, index);
    try {
      const moved = await send(card, stage, closing);
      tellDone(
        say.moved(titleOf(module, card), stageName(stage)),
        language,
        () => void moveBack(card, moved),
      );
    } catch (error) {
      tellRefused(error, language, modules);
    }
    await settle(card.id);
  };
}
