import { UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";
import { useWords } from "../words/words.ts";
import { useWaitingCount } from "../session/waiting-edits.ts";
import { BottomBar } from "./bottom-bar.tsx";
import { OfflineBar } from "./offline-bar.tsx";
import { Rail } from "./rail.tsx";
import styles from "./shell.module.css";
import { shellWords } from "./shell.words.ts";
import { UserMenu } from "./user-menu.tsx";

type Props = { children: ReactNode; onSearch: () => void; onShortcuts: () => void; onSignOut: () => void };

/** The one frame around every page: menus on the left (or below, on a phone), search and who I am above. */
export function Frame({ children, onSearch, onShortcuts, onSignOut }: Props) {
  const say = useWords(shellWords);
  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#content">
        {say.skip}
      </a>
      <Rail />
      <div className={styles.main}>
        <header className={styles.top}>
          <UnstyledButton className={styles.search ?? ""} onClick={onSearch}>
            {say.search}
            <kbd aria-hidden>/</kbd>
          </UnstyledButton>
          <span className={styles.keys} aria-hidden>
            <kbd>Ctrl</kbd> <kbd>K</kbd>
          </span>
          <UserMenu onShortcuts={onShortcuts} onSignOut={onSignOut} />
        </header>
        <OfflineBar waiting={useWaitingCount()} />
        <main id="content" className={styles.content} tabIndex={-1}>
          {children}
        </main>
      </div>
      <BottomBar />
    </div>
  );
}
