import type { Pool, PoolClient } from "pg";
import { AuditBuffer, type Door, type TenantConnection } from "#core/index.ts";
import { openHttp } from "#platform/http/index.ts";
import { openLog } from "#platform/log/index.ts";
import { allRoutes } from "#apps/all-routes.ts";
import { headersOf, type Question, type Session } from "./operations.ts";

/** One statement as the program hands it to `pg`: text and values, or a prepared statement's name with them. */
export type Statement = readonly unknown[];
/** The statements of one request, from BEGIN to COMMIT. */
export type Script = readonly Statement[];

export type Capture = {
  /** Asks the program's own code in this process and answers with the statements it sent. Nothing is kept of a change. */
  of(session: Session, question: Question): Promise<Script>;
  close(): Promise<void>;
};

/** The program's own routes over a pool that writes down every statement and rolls back instead of committing. */
export async function openCapture(pool: Pool, host: string, door: Door): Promise<Capture> {
  const scripts: unknown[][][] = [];
  const tenant: TenantConnection = {
    id: "bench",
    name: "Bench",
    host,
    address: `http://${host}`,
    pool: () => writingDown(pool, scripts),
    door,
    audit: new AuditBuffer({ pool: () => pool, door }),
  };
  const http = await openHttp({
    tenantAt: async () => tenant,
    routes: allRoutes(),
    log: openLog({ level: "silent" }),
  });
  return {
    async of(session, question) {
      scripts.length = 0;
      const answer = await http.inject({
        method: question.method,
        url: question.path,
        headers: headersOf(session, question),
        ...(question.body === undefined ? {} : { payload: JSON.stringify(question.body) }),
      });
      const asked = scripts.filter(
        (script) => !script.some(([text]) => String(text).includes("touch_session")),
      );
      // Who sends a body is asked for in a transaction of its own, before.
      if (answer.statusCode >= 300 || asked.length === 0 || asked.length > 2)
        throw new Error(
          `${question.method} ${question.path} was answered ${answer.statusCode}: ${answer.body.slice(0, 300)}`,
        );
      return asked.flat();
    },
    async close() {
      await http.close();
      await tenant.audit.flush();
    },
  };
}

function writingDown(pool: Pool, scripts: unknown[][][]): Pool {
  const connect = async () => {
    const client = await pool.connect();
    const script: unknown[][] = [];
    scripts.push(script);
    return new Proxy(client, {
      get(target, name) {
        if (name !== "query") {
          const value: unknown = Reflect.get(target, name, target);
          return typeof value === "function" ? value.bind(target) : value;
        }
        return (...statement: unknown[]) => {
          script.push(statement);
          const sent = statement[0] === "COMMIT" ? ["ROLLBACK"] : statement;
          return (target.query as (...all: unknown[]) => unknown)(...sent);
        };
      },
    }) as PoolClient;
  };
  return { connect, query: pool.query.bind(pool) } as unknown as Pool;
}
