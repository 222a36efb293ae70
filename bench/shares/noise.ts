// One tenant's noise, in a process of its own: as many connections as asked, each asking again at once.
import { request } from "node:http";

export type Noise = {
  readonly port: number;
  readonly connections: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
};
export type Noised = Record<string, number>;

process.once("message", (noise: Noise) => {
  const counts: Noised = {};
  let going = true;
  process.once("message", () => {
    going = false;
    process.send?.(counts);
    process.disconnect?.();
    process.exit();
  });
  const ask = () => {
    if (!going) return;
    const count = (status: string) => {
      counts[status] = (counts[status] ?? 0) + 1;
      setImmediate(ask);
    };
    request(
      { host: "127.0.0.1", port: noise.port, method: noise.method, path: noise.path, headers: noise.headers },
      (answer) => answer.resume().once("close", () => count(String(answer.statusCode))),
    )
      .on("error", () => count("failed"))
      .end(noise.body);
  };
  for (let connection = 0; connection < noise.connections; connection++) ask();
});
