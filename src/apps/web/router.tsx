import { createRootRoute, createRoute, createRouter } from "@tanstack/react-router";
import { validateCreateSearch, validateListSearch } from "#features/address/web/index.ts";
import { Broken, part } from "#ui/index.ts";
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
  component: part(() =>
    import("#features/home/web/index.ts").then(({ HomePage }) => ({ default: HomePage })),
  ),
});
const list = createRoute({
  getParentRoute: () => root,
  path: "/$module",
  component: part(() =>
    import("#features/lists/web/index.ts").then(({ ListPage }) => ({ default: ListPage })),
  ),
  validateSearch: validateListSearch,
});
const record = createRoute({
  getParentRoute: () => list,
  path: "/$id",
  component: part(() =>
    import("#features/record-page/web/index.ts").then(({ RecordPane }) => ({ default: RecordPane })),
  ),
});

const imports = createRoute({
  getParentRoute: () => root,
  path: "/import",
  component: part(() =>
    import("#features/import/web/index.ts").then(({ ImportsPage }) => ({ default: ImportsPage })),
  ),
});
const oneImport = createRoute({
  getParentRoute: () => root,
  path: "/import/$importId",
  component: part(() =>
    import("#features/import/web/index.ts").then(({ ImportPage }) => ({ default: ImportPage })),
  ),
});
const account = createRoute({
  getParentRoute: () => root,
  path: "/account",
  component: part(() =>
    import("#features/account/web/index.ts").then(({ AccountPage }) => ({ default: AccountPage })),
  ),
});
const bin = createRoute({
  getParentRoute: () => root,
  path: "/bin",
  component: part(() => import("#features/bin/web/index.ts").then(({ BinPage }) => ({ default: BinPage }))),
  validateSearch: moduleSearch,
});
const moments = createRoute({
  getParentRoute: () => root,
  path: "/moments",
  component: part(() =>
    import("#features/take-back/web/index.ts").then(({ MomentsPage }) => ({ default: MomentsPage })),
  ),
});
const oneMoment = createRoute({
  getParentRoute: () => root,
  path: "/moments/$momentId",
  component: part(() =>
    import("#features/take-back/web/index.ts").then(({ MomentPage }) => ({ default: MomentPage })),
  ),
  validateSearch: moduleSearch,
});
const AdministrationPage = part<object>(() =>
  import("#features/administration/web/index.ts").then(({ AdministrationPage }) => ({
    default: AdministrationPage,
  })),
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
  defaultErrorComponent: Broken,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
