import { onlineManager } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";

const firstProbeMilliseconds = 1_000;
const slowestProbeMilliseconds = 15_000;

let connected = true;
let wait = firstProbeMilliseconds;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

/** A request that never reached the server: from now on it is asked now and then whether it is there again. */
export function tellUnreached(): void {
  if (!connected) return;
  wait = firstProbeMilliseconds;
  put(false);
  timer = setTimeout(probe, wait);
}

export const isConnected = (): boolean => connected;
export const useConnected = (): boolean => useSyncExternalStore(onConnection, isConnected);

/** Calls back whenever the connection is lost or is there again. */
export function onConnection(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether the server itself answers; what a proxy says in its place does not count. */
export async function serverAnswers(): Promise<boolean> {
  const answer = await fetch("/icon.svg", { method: "HEAD", cache: "no-store" }).catch(() => undefined);
  return answer?.ok ?? false;
}

async function probe(): Promise<void> {
  clearTimeout(timer);
  if (connected) return;
  if (await serverAnswers()) return put(true);
  wait = Math.min(wait * 1.5, slowestProbeMilliseconds);
  timer = setTimeout(probe, wait);
}

function put(next: boolean): void {
  connected = next;
  for (const listener of listeners) listener();
}

window.addEventListener("offline", tellUnreached);
window.addEventListener("online", () => void probe());
// Questions rest while nobody answers them, and go on by themselves.
onlineManager.setEventListener((tell) => onConnection(() => tell(isConnected())));
