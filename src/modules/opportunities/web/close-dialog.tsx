import { Modal, Stack } from "@mantine/core";
import { useState } from "react";
import {
  dayHere,
  isUnread,
  useLanguage,
  useNow,
  useWords,
  type CrmRecord,
  type Module,
  type Value,
  FormFoot,
} from "#ui/index.ts";
import { FieldInput, fieldNamed, titleOf } from "#features/fields/web/index.ts";
import { boardWords } from "./board.words.ts";
import type { Closing } from "./use-move.ts";

type Props = {
  module: Module;
  card: CrmRecord;
  stage: string;
  onMove: (closing: Closing) => void;
  onClose: () => void;
};

/** Winning and losing may say when and for how much; both are filled in already and may stay so. */
export default function CloseDialog({ module, card, stage, onMove, onClose }: Props) {
  const say = useWords(boardWords);
  const language = useLanguage();
  const [closesOn, setClosesOn] = useState<Value>(dayHere(useNow()));
  const [value, setValue] = useState<Value>(card["value"]);
  const stageName =
    fieldNamed(module, "stage")?.choices?.find((choice) => choice.value === stage)?.words[language] ?? stage;
  const dayField = fieldNamed(module, "closesOn");
  const valueField = fieldNamed(module, "value");
  return (
    <Modal opened onClose={onClose} title={say.closing(titleOf(module, card), stageName)} size={380}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isUnread(closesOn) || isUnread(value)) return;
          onMove({
            ...(typeof closesOn === "string" && { closesOn }),
            ...(value !== card["value"] && { value: value as number | null }),
          });
        }}
      >
        <Stack>
          {dayField && (
            <FieldInput
              field={dayField}
              label={dayField.words[language]}
              required
              value={closesOn}
              onChange={setClosesOn}
            />
          )}
          {valueField && (
            <FieldInput
              field={valueField}
              label={valueField.words[language]}
              value={value}
              onChange={setValue}
            />
          )}
          <span className="quiet">{say.closeHint}</span>
          <FormFoot action={say.move} onCancel={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}
