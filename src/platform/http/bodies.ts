import type { FastifyInstance } from "fastify";
import { Refusal } from "#core/index.ts";

/** What a file may come as. */
export const fileTypes: readonly string[] = ["text/csv", "application/octet-stream"];

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** JSON must be well-formed UTF-8; broken bytes are refused rather than replaced. Files come as bytes. */
export function parseBodies(server: FastifyInstance): void {
  const parseJson = server.getDefaultJsonParser("error", "error");
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("application/json", { parseAs: "buffer" }, (request, body, done) => {
    if (body.length === 0) return done(null, undefined);
    try {
      return void parseJson(request, utf8.decode(body as Buffer), (error, parsed) =>
        error ? done(notJson()) : done(null, parsed),
      );
    } catch {
      return done(notJson());
    }
  });
  server.addContentTypeParser([...fileTypes], { parseAs: "buffer" }, (_request, body, done) =>
    done(null, body),
  );
}

const notJson = () =>
  new Refusal("invalid_input", {
    field: "body",
    issues: [{ field: "body", code: "wrong_format", message: "is not JSON in UTF-8" }],
  });
