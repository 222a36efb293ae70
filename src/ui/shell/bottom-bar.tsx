import { Menu, UnstyledButton } from "@mantine/core";
import { IconBuilding, IconChecklist, IconCoin, IconDots, IconHome } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useModules, useSession } from "../session/session.tsx";
import { useLanguage, useWords } from "../words/words.ts";
import { mayAdminister, mayUseBin } from "./menus.ts";
import styles from "./shell.module.css";
import { shellWords } from "./shell.words.ts";

const icons = { organisation: IconBuilding, opportunity: IconCoin, activity: IconChecklist };
type Foremost = keyof typeof icons;
const isForemost = (name: string): name is Foremost => name in icons;

/** A phone's menu: what salespeople need on the road, the rest behind "More". */
export function BottomBar() {
  const say = useWords(shellWords);
  const language = useLanguage();
  const modules = useModules();
  const foremost = Object.keys(icons).flatMap((name) => modules.filter((module) => module.name === name));
  return (
    <nav className={styles.foot} aria-label={say.menu}>
      <Link to="/" className={styles.tab} activeOptions={{ exact: true, includeSearch: false }}>
        <IconHome size={20} stroke={1.6} aria-hidden />
        {say.home}
      </Link>
      {foremost.map((module) => {
        const Icon = isForemost(module.name) ? icons[module.name] : IconDots;
        return (
          <Link
            key={module.name}
            to="/$module"
            params={{ module: module.path }}
            search={{}}
            className={styles.tab}
            activeOptions={{ includeSearch: false }}
          >
            <Icon size={20} stroke={1.6} aria-hidden />
            {module.name === "opportunity" ? say.deals : module.words[language].many}
          </Link>
        );
      })}
      <More />
    </nav>
  );
}

function More() {
  const say = useWords(shellWords);
  const language = useLanguage();
  const session = useSession();
  const others = useModules().filter(({ name }) => !isForemost(name));
  return (
    <Menu position="top-end" width={220}>
      <Menu.Target>
        <UnstyledButton className={styles.tab ?? ""}>
          <IconDots size={20} stroke={1.6} aria-hidden />
          {say.more}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {others.map((module) => (
          <Menu.Item
            key={module.name}
            renderRoot={(props) => (
              <Link to="/$module" params={{ module: module.path }} search={{}} {...props} />
            )}
          >
            {module.words[language].many}
          </Menu.Item>
        ))}
        <Menu.Divider />
        {session.permissions.includes("import") && (
          <Menu.Item renderRoot={(props) => <Link to="/import" {...props} />}>{say.imports}</Menu.Item>
        )}
        {mayUseBin(session) && (
          <Menu.Item renderRoot={(props) => <Link to="/bin" {...props} />}>{say.bin}</Menu.Item>
        )}
        {mayAdminister(session) && (
          <Menu.Item renderRoot={(props) => <Link to="/administration" {...props} />}>
            {say.administration}
          </Menu.Item>
        )}
        <Menu.Item renderRoot={(props) => <Link to="/account" {...props} />}>{say.account}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
