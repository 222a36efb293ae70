import { notifications } from "@mantine/notifications";
import { Anchor, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useCallback } from "react";
import { commonWords } from "../words/common.words.ts";
import { useLanguage, wordsIn } from "../words/words.ts";
import { reasonOf } from "./notices.tsx";
import { useModules } from "./session.tsx";
import { useWaitingEdits, type Unsaved } from "./waiting-edits.ts";

/** Sends what was changed while there was no connection, and tells what of it could not be saved, and where. */
export function useUnsavedTold(): void {
  const language = useLanguage();
  const modules = useModules();
  const tell = useCallback(
    ({ module, recordId, field, error, conflict }: Unsaved) => {
      const say = wordsIn(commonWords, language);
      const words = module.fields.find(({ name }) => name === field)?.words[language] ?? field;
      notifications.show({
        color: "red",
        withBorder: true,
        autoClose: false,
        role: "alert",
        message: (
          <>
            <Text size="md">
              {say.notSaved(words)} {conflict ? say.changedMeanwhile : reasonOf(error, language, modules)}
            </Text>
            <Anchor
              renderRoot={(props) => (
                <Link
                  to="/$module/$id"
                  params={{ module: module.path, id: recordId }}
                  search={{ tab: "details" }}
                  {...props}
                />
              )}
            >
              {say.look}
            </Anchor>
          </>
        ),
      });
    },
    [language, modules],
  );
  useWaitingEdits(modules, tell);
}
