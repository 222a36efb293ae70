import { isIPv6, type BlockList, type Server, type Socket } from "node:net";
import { networkOf, Shares, type Release } from "#core/index.ts";

/** An office behind one address signs in with a few hundred connections at once; a program's flood has more. */
const nobodys = new Shares({ places: { all: 3_000, tenant: 3_000, nobody: 3_000, one: 256 } });
const held = new WeakMap<Socket, Release>();

const refused =
  "HTTP/1.1 429 Too Many Requests\r\nretry-after: 5\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

/**
 * Bounds the connections that an address holds while nobody has signed in over them. Those of a proxy that is trusted
 * count with everybody's alone.
 */
export function shareSockets(server: Server, proxies: BlockList): void {
  server.on("connection", (socket: Socket) => {
    const address = socket.remoteAddress ?? "0.0.0.0";
    const network = proxies.check(address, isIPv6(address) ? "ipv6" : "ipv4")
      ? undefined
      : networkOf(address);
    if (network === undefined) return;
    const release = nobodys.takeNow({ tenant: "", network });
    if (release === undefined) return void socket.end(refused, () => socket.destroy());
    held.set(socket, release);
    socket.once("close", release);
  });
}

/** A connection over which somebody is signed in is no longer counted with its address. */
export const socketIsSomebodys = (socket: Socket): void => held.get(socket)?.();
