import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { ApiError } from "../api/ask.ts";
import { allModules } from "../api/directory.ts";
import type { Module } from "../api/shapes.ts";
import { commonWords, verbWords } from "../words/common.words.ts";
import { useLanguage, wordsIn, type Language } from "../words/words.ts";

const undoSeconds = 8;

/** A quiet word at the bottom that something is done, with the way back. */
export function tellDone(message: string, language: Language, undo?: () => void): void {
  const say = wordsIn(commonWords, language);
  const id = `done-${message}`;
  notifications.hide(id);
  notifications.show({
    id,
    autoClose: undoSeconds * 1000,
    withBorder: true,
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text size="md">{message}</Text>
        {undo && (
          <Button
            variant="subtle"
            onClick={() => {
              notifications.hide(id);
              undo();
            }}
          >
            {say.undo}
          </Button>
        )}
      </Group>
    ),
  });
}

export function tellRefused(error: unknown, language: Language, modules: Module[] = []): void {
  notifications.show({
    color: "red",
    withBorder: true,
    autoClose: 12_000,
    message: reasonOf(error, language, modules),
    role: "alert",
  });
}

/** The same where a page is drawn; the modules' names are used when they are known, and never waited for. */
export function useReason(error: unknown): string {
  const modules = useQueryClient().getQueryData(allModules.queryKey);
  return reasonOf(error, useLanguage(), modules);
}

/** Why something was refused, in the reader's words, with the right that is missing and who can give it. */
export function reasonOf(error: unknown, language: Language, modules: Module[] = []): string {
  const say = wordsIn(commonWords, language);
  if (!(error instanceof ApiError)) return say.unexpected;
  if (error.code === "offline") return say.offline;
  const sentences = [error.message || say.unexpected];
  const { right } = error;
  if (right) {
    const module = modules.find(({ name }) => name === right.module);
    const many = module?.words[language].many.toLowerCase() ?? right.module;
    sentences.push(say.missingRight(wordsIn(verbWords, language)[right.verb], many));
  }
  if (error.status >= 500 && error.requestId) sentences.push(say.reference(error.requestId));
  return sentences.join(" ");
}
