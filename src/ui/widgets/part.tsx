import { use, type ComponentType, type FunctionComponent } from "react";
import { ApiError } from "../api/ask.ts";
import { isConnected, serverAnswers, tellUnreached } from "../api/connection.ts";

/** A file of the program that did not come: the connection broke, or a new release has taken it away. */
export class PartMissing extends Error {}

type Fetch<P> = () => Promise<{ default: ComponentType<P> }>;
export type Part<P> = FunctionComponent<P> & { preload: () => Promise<void> };

const failed = new Set<() => void>();

/** A piece of the program that is fetched when it is first shown. Unlike React's `lazy` it can be tried again. */
export function part<P extends object>(fetchPart: Fetch<P>): Part<P> {
  let fetching: Promise<ComponentType<P>> | undefined;
  const begin = () => (fetching ??= fetched(fetchPart, () => (fetching = undefined)));
  function Shown(props: P) {
    const Component = use(begin());
    return <Component {...props} />;
  }
  return Object.assign(Shown, { preload: () => begin().then(nothing, nothing) });
}

const nothing = (): void => undefined;

/** Lets every part that did not come be fetched again. */
export function forgetFailures(): void {
  for (const forget of failed) forget();
  failed.clear();
}

async function fetched<P>(fetchPart: Fetch<P>, forget: () => void): Promise<ComponentType<P>> {
  try {
    // A browser remembers for the page's life that a file did not come, so nothing is asked into the void.
    if (!isConnected()) throw new ApiError(0, { code: "offline" });
    return (await fetchPart()).default;
  } catch (error) {
    failed.add(forget);
    if (error instanceof ApiError) throw error;
    const text = error instanceof Error ? error.message : "";
    if (!(await serverAnswers())) tellUnreached();
    else if (!wasReloadedFor(text)) return reload(text);
    throw new PartMissing(text);
  }
}

const mark = "strongroom.reloaded-for";
const wasReloadedFor = (text: string): boolean => sessionStorage.getItem(mark) === text;

/** The page itself names the files of the release that the server runs now. Asked for once for each file. */
function reload(text: string): Promise<never> {
  sessionStorage.setItem(mark, text);
  location.reload();
  return new Promise(nothing);
}
