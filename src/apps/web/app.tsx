import { Notifications } from "@mantine/notifications";
import { createSpotlight } from "@mantine/spotlight";
import { Outlet } from "@tanstack/react-router";
import { useHotkeys } from "@mantine/hooks";
import { useState } from "react";
import {
  ask,
  Frame,
  part,
  Piece,
  Skeletons,
  tellRefused,
  useLanguage,
  useShortcuts,
  useUnsavedTold,
} from "#ui/index.ts";
import { useCreateSearch } from "#features/address/web/index.ts";
import { CreateDrawer } from "#features/create-record/web/index.ts";
import { ShortcutsDialog, useGoKeys } from "#features/shortcuts/web/index.ts";
import { startAnew } from "#features/sign-in/web/index.ts";
import { useStream } from "#features/stream/web/index.ts";

const Palette = part(() => import("#features/search/web/index.ts"));
const [palette, paletteActions] = createSpotlight();

/** Everything a signed-in user sees: the frame, the page in it, and what can be opened over any page. */
export function App() {
  return (
    <Piece waiting={<Waiting />}>
      <Inside />
    </Piece>
  );
}

const Waiting = () => (
  <div className="page">
    <Skeletons rows={12} />
  </div>
);

function Inside() {
  const language = useLanguage();
  const [helping, setHelping] = useState(false);
  const [searched, setSearched] = useState(false);
  const search = () => {
    setSearched(true);
    paletteActions.open();
  };
  const signOut = () => {
    ask("POST", "/api/sign-out").then(startAnew, (error: unknown) => tellRefused(error, language));
  };
  useUnsavedTold();
  const creating = useCreateSearch().create !== undefined;
  useStream();
  useGoKeys();
  useShortcuts({ "/": search, "?": () => setHelping(true) });
  useHotkeys([["mod+K", search]], []);
  const help = () => setHelping(true);
  return (
    <Frame onSearch={search} onShortcuts={help} onSignOut={signOut}>
      <Piece waiting={<Waiting />}>
        <Outlet />
      </Piece>
      <Notifications position="bottom-center" limit={3} />
      {creating && (
        <Piece floating>
          <CreateDrawer />
        </Piece>
      )}
      {helping && (
        <Piece floating>
          <ShortcutsDialog onClose={() => setHelping(false)} />
        </Piece>
      )}
      {searched && (
        <Piece floating>
          <Palette store={palette} onShortcuts={help} onSignOut={signOut} />
        </Piece>
      )}
    </Frame>
  );
}
