import { Connection } from "./connection.ts";
import { requestText, type Session } from "./operations.ts";

/** Signs in over HTTP, as people do. */
export async function signIn(host: string, port: number, name: string, password: string): Promise<Session> {
  const connection = await Connection.open(port);
  const nobody = { host, port, cookie: "" };
  const answer = await connection.ask(
    requestText(nobody, { method: "POST", path: "/api/sign-in", body: { name, password } }),
  );
  connection.close();
  const [cookie] = /__Host-strongroom=[^;]+/.exec(answer.head) ?? [];
  if (cookie === undefined)
    throw new Error(`Signing in as ${name} was answered ${answer.status}: ${answer.body.toString()}`);
  return { host, port, cookie };
}
