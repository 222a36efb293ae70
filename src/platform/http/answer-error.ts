import { setTimeout as delay } from "node:timers/promises";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { auditRow, Refusal, refusalMessage, refusalOf, refusalStatus } from "#core/index.ts";
import { ipOf, languageOf } from "./call.ts";

/** What is away for a moment is asked for again after so long, when nothing knows better. */
const retryAfterSeconds = 2;

/**
 * Who asks for more than his share is told so a second later: a program that asks again at once would keep the
 * processor from everybody else, at some thousands of refusals a second.
 */
const tooManyMilliseconds = 1_000;

/** Fastify's own reasons to turn a request down, as refusals. */
const frameworkRefusals: Readonly<Record<string, Refusal["code"]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "too_large",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "unsupported_type",
  FST_ERR_CTP_EMPTY_JSON_BODY: "invalid_input",
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: "invalid_input",
  FST_ERR_CTP_INVALID_JSON_BODY: "invalid_input",
  FST_ERR_BAD_URL: "not_found",
  FST_ERR_ASYNC_CONSTRAINT: "not_found",
  FST_ERR_MAX_PARAM_LENGTH: "not_found",
};

/** Every failed request leaves through here: a refusal in words, or a bug that is logged and not shown. */
export async function answerError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const refusal = refusalOf(error) ?? frameworkRefusal(error);
  if (refusal === undefined) {
    request.log.error(
      { err: error, requestId: request.id, method: request.method, path: request.routeOptions?.url },
      "failed",
    );
    return void (await reply.code(500).send({
      error: {
        code: "failed",
        message: "Something went wrong on our side. It has been logged.",
        requestId: request.id,
      },
    }));
  }
  if (!refusal.logged) noteRefusal(request, refusal);
  const status = refusalStatus[refusal.code];
  if (status === 429 || status === 503) {
    refusal.details.retryAfterSeconds ??= retryAfterSeconds;
    reply.header("retry-after", String(refusal.details.retryAfterSeconds));
  }
  if (status === 429) {
    request.leaveAnswers?.();
    await delay(tooManyMilliseconds);
  }
  const message = refusalMessage(refusal, languageOf(request));
  await reply
    .code(status)
    .send({ error: { code: refusal.code, message, ...refusal.details, requestId: request.id } });
}

function frameworkRefusal(error: unknown): Refusal | undefined {
  const { code, statusCode } = error as Partial<FastifyError>;
  const meaning = code === undefined ? undefined : frameworkRefusals[code];
  if (meaning !== undefined) return new Refusal(meaning);
  return statusCode !== undefined && statusCode >= 400 && statusCode < 500
    ? new Refusal("invalid_input")
    : undefined;
}

/** What `perform` never saw is logged here (D-19: allowed and refused). */
function noteRefusal(request: FastifyRequest, refusal: Refusal): void {
  if (request.tenant === undefined) return;
  const action = `http.${request.method.toLowerCase()}`;
  void request.tenant.audit.refused(
    auditRow({ requestId: request.id, ip: ipOf(request) }, undefined, {
      action,
      outcome: refusal.code,
      at: new Date(),
    }),
  );
}
