import { ActionIcon, Button, Checkbox, Popover, ScrollArea, Stack, Tooltip } from "@mantine/core";
import { IconColumns3 } from "@tabler/icons-react";
import { useLanguage, useWords, type Field, type Module } from "#ui/index.ts";
import { columnCandidates } from "./columns.ts";
import { listWords } from "./lists.words.ts";

type Props = { module: Module; shown: Field[]; onChoose: (columns: string[] | null) => void };

/** Which columns the list shows. The choice is saved for this user. */
export default function ColumnsMenu({ module, shown, onChoose }: Props) {
  const say = useWords(listWords);
  const language = useLanguage();
  const names = shown.map(({ name }) => name);
  const toggle = (name: string, on: boolean) =>
    onChoose(on ? [...names, name] : names.filter((other) => other !== name));
  return (
    <Popover position="bottom-end" width={260} trapFocus shadow="md">
      <Popover.Target>
        <Tooltip label={say.columns}>
          <ActionIcon variant="default" size={30} aria-label={say.columns} visibleFrom="xs">
            <IconColumns3 size={16} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown>
        <ScrollArea.Autosize mah={360}>
          <Stack gap={8} role="group" aria-label={say.columns}>
            {columnCandidates(module).map((field) => (
              <Checkbox
                key={field.name}
                size="xs"
                label={field.words[language]}
                checked={names.includes(field.name)}
                onChange={(event) => toggle(field.name, event.currentTarget.checked)}
              />
            ))}
          </Stack>
        </ScrollArea.Autosize>
        <Button variant="subtle" mt="sm" fullWidth onClick={() => onChoose(null)}>
          {say.reset}
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}
