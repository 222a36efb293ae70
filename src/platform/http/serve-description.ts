import type { FastifyInstance } from "fastify";
import { describeRoutes } from "./describe.ts";
import { descriptionPage } from "./description-page.ts";
import type { RouteTable } from "./routes.ts";

/** The API's description, for programs at /api/openapi.json and for people at /api/docs. */
export function serveDescription(server: FastifyInstance, table: RouteTable): void {
  const description = describeRoutes(table);
  const page = descriptionPage(description as never);
  server.get("/api/openapi.json", async () => description);
  server.get("/api/docs", async (_request, reply) => reply.type("text/html; charset=utf-8").send(page));
}
