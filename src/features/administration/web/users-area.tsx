import { Button, Drawer, Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import {
  allGroups,
  allLevels,
  allTerritories,
  commonWords,
  PlainTable,
  Skeletons,
  Trouble,
  useFormats,
  useNow,
  useWords,
  type NamedNumber,
} from "#ui/index.ts";
import styles from "./administration.module.css";
import { adminWords } from "./administration.words.ts";
import { PasswordShown } from "./password-shown.tsx";
import { UserForm } from "./user-form.tsx";
import { allUsers, idOf, levelOf, type User } from "./users-query.ts";

type Shown = { name: string; password: string };

export function UsersArea() {
  const say = useWords(adminWords);
  const sayCommon = useWords(commonWords);
  const query = useQuery(allUsers);
  const [opened, setOpened] = useState<User | "new">();
  const [shown, setShown] = useState<Shown>();
  const current = opened === "new" ? undefined : query.data?.find(({ id }) => id === opened?.id);
  if (query.isPending) return <Skeletons rows={10} />;
  if (query.isError && !query.data)
    return <Trouble error={query.error} onRetry={() => void query.refetch()} />;
  const heads = [
    say.fullName,
    say.userName,
    sayCommon.level,
    sayCommon.territories,
    sayCommon.groups,
    say.lastSignIn,
    say.state,
  ];
  return (
    <>
      <Group justify="space-between" mb="sm">
        <span className="quiet">{query.data.length}</span>
        <Button variant="filled" onClick={() => setOpened("new")}>
          {say.newUser}
        </Button>
      </Group>
      <PlainTable label={say.users} heads={heads}>
        {query.data.map((user) => (
          <UserRow key={user.id} user={user} onOpen={() => setOpened(user)} />
        ))}
      </PlainTable>
      <Drawer
        opened={opened !== undefined}
        onClose={() => setOpened(undefined)}
        position="right"
        size={460}
        title={current ? current.fullName : say.newUser}
      >
        {opened && (
          <UserForm
            key={current ? `${current.id}-${current.version}` : "new"}
            user={current}
            onPassword={setShown}
            onDone={() => setOpened(undefined)}
          />
        )}
      </Drawer>
      {shown && <PasswordShown {...shown} onClose={() => setShown(undefined)} />}
    </>
  );
}

function UserRow({ user, onOpen }: { user: User; onOpen: () => void }) {
  const now = useNow();
  const say = useWords(adminWords);
  const formats = useFormats();
  const { data: levels = [] } = useQuery(allLevels);
  const { data: territories = [] } = useQuery(allTerritories);
  const { data: groups = [] } = useQuery(allGroups);
  const level = levelOf(user);
  return (
    <tr className={styles.row} onClick={onOpen}>
      <td>
        <Button
          variant="transparent"
          px={0}
          size="compact-sm"
          c="inherit"
          fz={14}
          aria-label={say.editUser(user.fullName)}
        >
          {user.fullName}
        </Button>
      </td>
      <td className="quiet">{user.name}</td>
      <td className="nowrap">
        {levels.find(({ number }) => number === level)?.name} <span className="quiet">{level}</span>
      </td>
      <td>
        {user.territories.length === 0 ? (
          <span className="quiet">{say.everywhere}</span>
        ) : (
          namesOf(territories, user.territories)
        )}
      </td>
      <td>{namesOf(groups, user.groups)}</td>
      <td className="quiet nowrap">{user.lastSignInAt ? formats.ago(user.lastSignInAt, now) : say.never}</td>
      <td className={styles.bad}>{user.blockedAt ? say.blocked : user.active ? "" : say.inactive}</td>
    </tr>
  );
}

const namesOf = (all: NamedNumber[], chosen: (number | { id: number })[]): string =>
  chosen
    .map((one) => all.find(({ id }) => id === idOf(one))?.name)
    .filter(Boolean)
    .join(", ");
