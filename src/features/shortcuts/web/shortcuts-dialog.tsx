import { Modal, Table } from "@mantine/core";
import { useLanguage, useModules, useWords } from "#ui/index.ts";
import { goKeys } from "./go-keys.ts";
import { shortcutWords } from "./shortcuts.words.ts";

export default function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const say = useWords(shortcutWords);
  const language = useLanguage();
  const modules = useModules();
  const rows: [string[], string][] = [
    [["/"], say.search],
    [["Ctrl", "K"], say.palette],
    [["j", "k"], say.rows],
    [["Enter"], say.open],
    [["e"], say.edit],
    [["n"], say.new],
    [["Esc"], say.close],
    [["g", "h"], say.goTo(say.home)],
    ...modules.flatMap((module): [string[], string][] => {
      const key = goKeys[module.name];
      return key ? [[["g", key], say.goTo(module.words[language].many.toLowerCase())]] : [];
    }),
    [["g", "b"], say.goTo(say.board)],
    [["Space", "← →"], say.drag],
    [["?"], say.help],
  ];
  return (
    <Modal opened onClose={onClose} title={say.title}>
      <Table>
        <Table.Tbody>
          {rows.map(([keys, meaning]) => (
            <Table.Tr key={meaning}>
              <Table.Td w={120}>
                {keys.map((key) => (
                  <kbd key={key} style={{ marginRight: 4 }}>
                    {key}
                  </kbd>
                ))}
              </Table.Td>
              <Table.Td>{meaning}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
