import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";
import { Refusal } from "#core/index.ts";

/** The built web app: hashed files are kept by the browser, the page itself never; its own addresses all answer the page. */
export async function serveWeb(server: FastifyInstance, directory: string | undefined): Promise<void> {
  const pagePath = directory === undefined ? undefined : join(directory, "index.html");
  if (directory !== undefined && pagePath !== undefined && existsSync(pagePath)) {
    await server.register(fastifyStatic, {
      root: directory,
      wildcard: false,
      index: false,
      cacheControl: false,
      preCompressed: true,
      setHeaders: (reply, path) => void reply.header("cache-control", cachingOf(path)),
    });
  }
  const page = pagePath !== undefined && existsSync(pagePath) ? readFileSync(pagePath, "utf8") : undefined;
  server.setNotFoundHandler(async (request, reply) => {
    const [path = ""] = request.url.split("?");
    // A moment in the question has a point too; only a path that ends like a file asks for one.
    const wantsPage = request.method === "GET" && !path.startsWith("/api") && !/\.\w{1,5}$/.test(path);
    if (page === undefined || !wantsPage) throw new Refusal("not_found");
    return reply.type("text/html; charset=utf-8").send(page);
  });
}

/** Files under assets/ carry a hash of their content in their names; the few others are asked for again. */
const cachingOf = (path: string): string =>
  path.includes("/assets/") ? "public, max-age=31536000, immutable" : "no-cache";
