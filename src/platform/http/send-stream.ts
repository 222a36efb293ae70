import { performStream, type Call, type StreamAction } from "#core/index.ts";
import { encodedStream } from "./answer-body.ts";
import { plainInput, type HttpReply, type HttpRequest } from "./routes.ts";

/**
 * Sends a long answer as fast as it is read. One that is cut ends in a broken connection, never as if it were whole;
 * a reader who leaves ends what is done for him.
 */
export async function sendStream(
  action: StreamAction,
  request: HttpRequest,
  reply: HttpReply,
  call: Call,
): Promise<HttpReply> {
  const { raw } = reply;
  const gone = new AbortController();
  raw.once("close", () => {
    if (!raw.writableFinished) gone.abort();
  });
  const answer = await performStream(action, { ...call, gone: gone.signal }, plainInput(request));
  // It has a share of its own from here on, for as long as it lasts.
  request.leaveAnswers?.();
  raw.once("finish", () => void answer.ended(true));
  reply
    .headers({ ...answer.headers, "content-disposition": `attachment; filename="${answer.fileName}"` })
    .type(answer.mediaType);
  return reply.send(encodedStream(answer.text, request, reply));
}
