import { Notifications } from "@mantine/notifications";
import { createSpotlight } from "@mantine/spotlight";
import { Outlet } from "@tanstack/react-router";
import { useHotkeys } from "@mantine/hooks";
import { lazy, Suspense, useState } from "react";
import { ask, Frame, Skeletons, tellRefused, useLanguage, useShortcuts } from "#ui/index.ts";
import { useCreateSearch } from "#features/address/web/index.ts";
import { CreateDrawer } from "#features/create-record/web/index.ts";
import { ShortcutsDialog, useGoKeys } from "#features/shortcuts/web/index.ts";
import { startAnew } from "#features/sign-in/web/index.ts";
import { useStream } from "#features/stream/web/index.ts";

const Palette = lazy(() => import("#features/search/web/index.ts"));
const [palette, paletteActions] = createSpotlight();

/** Everything a signed-in user sees: the frame, the page in it, and what can be opened over any page. */
export function App() {
  return (
    <Suspense
      fallback={
        <div style={{ padding: 24 }}>
          <Skeletons rows={10} />
        </div>
      }
    >
      <Inside />
    </Suspense>
  );
}

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
  const creating = useCreateSearch().create !== undefined;
  useStream();
  useGoKeys();
  useShortcuts({ "/": search, "?": () => setHelping(true) });
  useHotkeys([["mod+K", search]], []);
  const help = () => setHelping(true);
  return (
    <Frame onSearch={search} onShortcuts={help} onSignOut={signOut}>
      <Suspense
        fallback={
          <div className="page">
            <Skeletons rows={12} />
          </div>
        }
      >
        <Outlet />
      </Suspense>
      <Notifications position="bottom-center" limit={3} />
      <Suspense>
        {creating && <CreateDrawer />}
        {helping && <ShortcutsDialog onClose={() => setHelping(false)} />}
        {searched && <Palette store={palette} onShortcuts={help} onSignOut={signOut} />}
      </Suspense>
    </Frame>
  );
}
