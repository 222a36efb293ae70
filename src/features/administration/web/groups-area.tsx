import { Button, Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import {
  allGroups,
  commonWords,
  Empty,
  PlainTable,
  Skeletons,
  Trouble,
  useSession,
  useWords,
} from "#ui/index.ts";
import { adminWords } from "./administration.words.ts";
import { NamedForm, type Named } from "./named-form.tsx";
import { allUsers, idOf } from "./users-query.ts";

export function GroupsArea() {
  const say = useWords(adminWords);
  const sayCommon = useWords(commonWords);
  const { permissions } = useSession();
  const query = useQuery(allGroups);
  const { data: users = [] } = useQuery({ ...allUsers, enabled: permissions.includes("users") });
  const [opened, setOpened] = useState<Named>();
  if (query.isPending) return <Skeletons rows={6} />;
  if (query.isError && !query.data)
    return <Trouble error={query.error} onRetry={() => void query.refetch()} />;
  const membersOf = (id: number) =>
    users.filter(({ groups }) => groups.some((group) => idOf(group) === id)).map(({ fullName }) => fullName);
  return (
    <>
      <Group justify="flex-end" mb="sm">
        <Button variant="filled" onClick={() => setOpened({ name: "" })}>
          {say.newGroup}
        </Button>
      </Group>
      {query.data.length === 0 ? (
        <Empty>{say.noGroups}</Empty>
      ) : (
        <PlainTable label={sayCommon.groups} heads={[sayCommon.name, say.members, ""]}>
          {query.data.map((group) => (
            <tr key={group.id}>
              <td className="nowrap">{group.name}</td>
              <td className="quiet">{membersOf(group.id).join(", ")}</td>
              <td className="number">
                <Button aria-label={say.rename(group.name)} onClick={() => setOpened(group)}>
                  {sayCommon.edit}
                </Button>
              </td>
            </tr>
          ))}
        </PlainTable>
      )}
      {opened && (
        <NamedForm
          path="groups"
          title={opened.id === undefined ? say.newGroup : say.rename(opened.name)}
          start={opened}
          onClose={() => setOpened(undefined)}
        />
      )}
    </>
  );
}
