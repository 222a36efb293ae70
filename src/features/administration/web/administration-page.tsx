import { Tabs } from "@mantine/core";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { Empty, PageHead, part, Piece, Skeletons, useSession, useWords, commonWords } from "#ui/index.ts";
import { adminWords } from "./administration.words.ts";
import { GroupsArea } from "./groups-area.tsx";
import { LevelsArea } from "./levels-area.tsx";
import { SignInsArea } from "./sign-ins-area.tsx";
import { TerritoriesArea } from "./territories-area.tsx";
import { UsersArea } from "./users-area.tsx";

const RestoreArea = part(() => import("#hosting/requests/web/index.ts"));

/** Who may sign in, what each may do, and who tried. */
export function AdministrationPage() {
  const say = useWords(adminWords);
  const sayCommon = useWords(commonWords);
  const navigate = useNavigate();
  const { permissions, user } = useSession();
  const { area } = useParams({ strict: false });
  const manages = permissions.includes("users");
  const all = [
    { path: "users", label: say.users, open: manages, page: <UsersArea /> },
    {
      path: "territories",
      label: sayCommon.territories,
      open: manages || permissions.includes("territories"),
      page: <TerritoriesArea />,
    },
    {
      path: "groups",
      label: sayCommon.groups,
      open: manages || permissions.includes("groups"),
      page: <GroupsArea />,
    },
    {
      path: "levels",
      label: say.levels,
      open: manages || permissions.includes("levels"),
      page: <LevelsArea />,
    },
    {
      path: "sign-ins",
      label: say.signIns,
      open: permissions.includes("sign_in_log"),
      page: <SignInsArea />,
    },
    {
      path: "restore",
      label: say.restore,
      // It moves everybody's records, so only who is limited to no territory may ask for it.
      open: manages && user.territories.length === 0,
      page: <RestoreArea />,
    },
  ];
  const areas = all.filter(({ open }) => open);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // On a phone the tabs are wider than the page, and the one that is open may be out of sight.
    list.current
      ?.querySelector("[aria-selected=true]")
      ?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, []);
  const current = areas.find(({ path }) => path === area) ?? areas[0];
  if (!current) return <Empty>{say.missing}</Empty>;
  return (
    <>
      <PageHead title={say.title} />
      <Tabs
        value={current.path}
        onChange={(path) => void navigate({ to: "/administration/$area", params: { area: path ?? "users" } })}
      >
        <Tabs.List px={18} ref={list}>
          {areas.map(({ path, label }) => (
            <Tabs.Tab key={path} value={path}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      <div className="page">
        <Piece of={current.path} waiting={<Skeletons rows={8} />}>
          {current.page}
        </Piece>
      </div>
    </>
  );
}
