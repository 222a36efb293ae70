import type { Server } from "node:http";
import type { Socket } from "node:net";

/** How fast an answer must be read while some of it waits to be sent. */
export type Pace = { readonly bytesPerSecond: number; readonly windowMilliseconds: number };

/**
 * A poor telephone connection is faster. What fits the system's own buffers, as nearly every answer does, is sent before
 * anybody looks; eight megabytes take seven minutes at most.
 */
export const shippedPace: Pace = { bytesPerSecond: 20_000, windowMilliseconds: 15_000 };

type Standing = { sent: number; waits: boolean };

/**
 * Drops whoever does not read what he asked for: an answer that waited through a whole window and moved too little.
 * Live streams and exports are held to it like every other answer.
 */
export function holdToPace(server: Server, { bytesPerSecond, windowMilliseconds }: Pace = shippedPace): void {
  const open = new Map<Socket, Standing>();
  server.on("connection", (socket: Socket) => {
    open.set(socket, { sent: 0, waits: false });
    socket.once("close", () => open.delete(socket));
  });
  const leastBytes = (bytesPerSecond * windowMilliseconds) / 1_000;
  const timer = setInterval(() => {
    for (const [socket, before] of open) {
      const now = { sent: socket.bytesWritten - socket.writableLength, waits: socket.writableLength > 0 };
      open.set(socket, now);
      if (before.waits && now.waits && now.sent - before.sent < leastBytes) socket.destroy();
    }
  }, windowMilliseconds);
  timer.unref();
  server.once("close", () => clearInterval(timer));
}

/** Requests that one connection may have under way: a browser has one, and asks the next on another connection. */
const underWayMax = 16;

/** Drops a connection on which request upon request is sent without waiting for an answer. */
export function refusePipelines(server: Server): void {
  const underWay = new WeakMap<Socket, number>();
  server.prependListener("request", ({ socket }, response) => {
    const count = (underWay.get(socket) ?? 0) + 1;
    underWay.set(socket, count);
    if (count > underWayMax) socket.destroy();
    response.once("close", () => underWay.set(socket, (underWay.get(socket) ?? 1) - 1));
  });
}
