import { Menu, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useSession } from "../session/session.tsx";
import { useLanguage, useWords } from "../words/words.ts";
import styles from "./shell.module.css";
import { shellWords } from "./shell.words.ts";

export function UserMenu({ onShortcuts, onSignOut }: { onShortcuts: () => void; onSignOut: () => void }) {
  const say = useWords(shellWords);
  const language = useLanguage();
  const { user } = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const territories = user.territories.map(({ name }) => name).join(", ") || say.everywhere;
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <UnstyledButton className={styles.who ?? ""} aria-label={say.yourMenu}>
          <span className={styles.whoText}>
            {user.fullName} · {user.level.words?.[language] ?? user.level.name} {user.level.number} ·{" "}
            {territories}
          </span>
          <span className={styles.avatar} aria-hidden>
            {initials(user.fullName)}
          </span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item renderRoot={(props) => <Link to="/account" {...props} />}>{say.account}</Menu.Item>
        <Menu.Item onClick={onShortcuts} rightSection={<kbd>?</kbd>}>
          {say.shortcuts}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{say.colours}</Menu.Label>
        {(["auto", "light", "dark"] as const).map((scheme) => (
          <Menu.Item
            key={scheme}
            closeMenuOnClick={false}
            onClick={() => setColorScheme(scheme)}
            aria-checked={colorScheme === scheme}
            role="menuitemradio"
            rightSection={colorScheme === scheme ? <IconCheck size={14} aria-hidden /> : null}
          >
            {say[scheme]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={onSignOut}>{say.signOut}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function initials(fullName: string): string {
  const words = fullName.split(/\s+/).filter(Boolean);
  return `${words[0]?.[0] ?? ""}${words.length > 1 ? (words.at(-1)?.[0] ?? "") : ""}`.toUpperCase();
}
