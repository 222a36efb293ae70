import { Button, Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { allTerritories, commonWords, Empty, PlainTable, Skeletons, Trouble, useWords } from "#ui/index.ts";
import { asTree } from "#features/fields/web/index.ts";
import { adminWords } from "./administration.words.ts";
import { NamedForm, type Named } from "./named-form.tsx";

const indentPixels = 20;

export function TerritoriesArea() {
  const say = useWords(adminWords);
  const sayCommon = useWords(commonWords);
  const query = useQuery(allTerritories);
  const [opened, setOpened] = useState<Named>();
  if (query.isPending) return <Skeletons rows={6} />;
  if (query.isError && !query.data)
    return <Trouble error={query.error} onRetry={() => void query.refetch()} />;
  const tree = asTree(query.data);
  return (
    <>
      <Group justify="flex-end" mb="sm">
        <Button variant="filled" onClick={() => setOpened({ name: "", parent: null })}>
          {say.newTerritory}
        </Button>
      </Group>
      {tree.length === 0 ? (
        <Empty>{say.noTerritories}</Empty>
      ) : (
        <PlainTable label={sayCommon.territories} heads={[sayCommon.name, ""]}>
          {tree.map((territory) => (
            <tr key={territory.id}>
              <td style={{ paddingLeft: 12 + territory.depth * indentPixels }}>{territory.name}</td>
              <td className="number">
                <Button aria-label={say.rename(territory.name)} onClick={() => setOpened(territory)}>
                  {sayCommon.edit}
                </Button>
              </td>
            </tr>
          ))}
        </PlainTable>
      )}
      {opened && (
        <NamedForm
          path="territories"
          title={opened.id === undefined ? say.newTerritory : say.rename(opened.name)}
          start={opened}
          parents={tree}
          onClose={() => setOpened(undefined)}
        />
      )}
    </>
  );
}
