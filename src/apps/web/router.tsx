import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { validateCreateSearch, validateListSearch } from "#features/address/web/index.ts";
import { NotFound } from "./not-found.tsx";
import { App } from "./app.tsx";

const root = createRootRoute({
  component: App,
  notFoundComponent: NotFound,
  validateSearch: validateCreateSearch,
});

/** The module that is shown, and which of its records. */
const moduleSearch = ({ of, kind }: Record<string, unknown>): { of?: string; kind?: string } => ({
  ...(typeof of === "string" && { of }),
  ...(typeof kind === "string" && { kind }),
});

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  component: lazyRouteComponent(() => import("#features/home/web/index.ts"), "HomePage"),
});
const list = createRoute({
  getParentRoute: () => root,
  path: "/$module",
  component: lazyRouteComponent(() => import("#features/lists/web/index.ts"), "ListPage"),
  validateSearch: validateListSearch,
});
const record = createRoute({
  getParentRoute: () => list,
  path: "/$id",
  component: lazyRouteComponent(() => import("#features/record-page/web/index.ts"), "RecordPane"),
});

const imports = createRoute({
  getParentRoute: () => root,
  path: "/import",
  component: lazyRouteComponent(() => import("#features/import/web/index.ts"), "ImportsPage"),
});
const oneImport = createRoute({
  getParentRoute: () => root,
  path: "/import/$importId",
  component: lazyRouteComponent(() => import("#features/import/web/index.ts"), "ImportPage"),
});
const account = createRoute({
  getParentRoute: () => root,
  path: "/account",
  component: lazyRouteComponent(() => import("#features/account/web/index.ts"), "AccountPage"),
});
const bin = createRoute({
  getParentRoute: () => root,
  path: "/bin",
  component: lazyRouteComponent(() => import("#features/bin/web/index.ts"), "BinPage"),
  validateSearch: moduleSearch,
});
const moments = createRoute({
  getParentRoute: () => root,
  path: "/moments",
  component: lazyRouteComponent(() => import("#features/take-back/web/index.ts"), "MomentsPage"),
});
const oneMoment = createRoute({
  getParentRoute: () => root,
  path: "/moments/$momentId",
  component: lazyRouteComponent(() => import("#features/take-back/web/index.ts"), "MomentPage"),
  validateSearch: moduleSearch,
});
const AdministrationPage = lazyRouteComponent(
  () => import("#features/administration/web/index.ts"),
  "AdministrationPage",
);
const administration = createRoute({
  getParentRoute: () => root,
  path: "/administration",
  component: AdministrationPage,
});
/** The level that is open; the moment chosen to go back to, and the part of the window that is shown. */
type AreaSearch = { level?: number; at?: string; zoom?: string; mid?: string };
const area = createRoute({
  getParentRoute: () => root,
  path: "/administration/$area",
  component: AdministrationPage,
  validateSearch: ({ level, at, zoom, mid }: Record<string, unknown>): AreaSearch => ({
    ...(typeof level === "number" && { level }),
    ...(typeof at === "string" && { at }),
    ...(typeof zoom === "string" && { zoom }),
    ...(typeof mid === "string" && { mid }),
  }),
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    imports,
    oneImport,
    account,
    bin,
    moments,
    oneMoment,
    administration,
    area,
    list.addChildren([record]),
  ]),
  defaultPreload: false,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
