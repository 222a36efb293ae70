import type { FastifyRequest } from "fastify";
import { Refusal, zoneNamed, zoneOfNobody, type Call } from "#core/index.ts";
import { addressOf, nowhere } from "./address-of.ts";

export const sessionCookie = "__Host-strongroom";
export const deviceCookie = "__Host-strongroom-device";

/** Names the moment to read at, in place of the present. */
const momentHeader = "Strongroom-Moment";

/** The time zone of whoever asks; his days are filtered and closed in it. */
const zoneHeader = "Strongroom-Zone";

/** Everything about a request that its action may know. */
export function callOf(request: FastifyRequest): Call {
  return {
    tenant: request.tenant,
    token: request.cookies[sessionCookie],
    ip: ipOf(request),
    userAgent: String(request.headers["user-agent"] ?? "").slice(0, 300),
    requestId: request.id,
    language: languageOf(request),
    zone: zoneOf(request),
    version: versionOf(request.headers["if-match"]),
    idempotencyKey: uuidOf(request, "Idempotency-Key"),
    momentId: uuidOf(request, momentHeader),
  };
}

/** The peer's address, an IPv4 peer by its IPv4 address; zeros when he has already gone or his proxy names none. */
export const ipOf = (request: FastifyRequest): string => addressOf(request.ip ?? nowhere);

export const languageOf = (request: FastifyRequest): "en" | "da" =>
  /^da\b/i.test(String(request.headers["accept-language"] ?? "")) ? "da" : "en";

function zoneOf({ headers }: FastifyRequest): string {
  const header = headers[zoneHeader.toLowerCase()];
  if (header === undefined) return zoneOfNobody;
  return zoneNamed(String(header), zoneHeader);
}

function versionOf(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const [, digits] = /^"?(\d{1,9})"?$/.exec(header) ?? [];
  if (digits === undefined) throw malformed("If-Match");
  return Number(digits);
}

function uuidOf({ headers }: FastifyRequest, name: string): string | undefined {
  const header = headers[name.toLowerCase()];
  if (header === undefined) return undefined;
  if (typeof header !== "string" || !/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(header))
    throw malformed(name);
  return header.toLowerCase();
}

const malformed = (field: string) =>
  new Refusal("invalid_input", {
    field,
    issues: [{ field, code: "wrong_format", message: "is not written the way it must be" }],
  });
