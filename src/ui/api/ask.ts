import { tellUnreached } from "./connection.ts";
import type { Verb } from "./shapes.ts";

type Issue = { field: string; code: string; message: string };

/** What the server refused, or "offline" when it was never reached. `message` is for people. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly field: string | undefined;
  readonly issues: Issue[];
  readonly right: { module: string; verb: Verb } | undefined;
  readonly requestId: string | undefined;
  /** When the server says to come again. */
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, refusal: Partial<Omit<ApiError, "status">>) {
    super(refusal.message ?? "");
    this.status = status;
    this.code = refusal.code ?? "unexpected";
    this.field = refusal.field;
    this.issues = refusal.issues ?? [];
    this.right = refusal.right;
    this.requestId = refusal.requestId;
    this.retryAfterSeconds = refusal.retryAfterSeconds;
  }

  /** What is wrong with one field, if the server said so. */
  about(field: string): string | undefined {
    const issue = this.issues.find((one) => one.field === field);
    const message = issue?.message ?? (this.field === field ? this.message : undefined);
    return message && `${message.charAt(0).toUpperCase()}${message.slice(1)}`;
  }
}

type Question = {
  body?: unknown;
  /** Sent as it is, for files. */
  file?: Blob;
  /** The version the change is based on, for If-Match. */
  version?: number;
  idempotencyKey?: string;
  /** The moment to read at, in place of the present. */
  moment?: string;
  signal?: AbortSignal;
};

const signedOutListeners = new Set<() => void>();

/** Calls back whenever the server says that the session has ended. */
export function onSignedOut(listener: () => void): () => void {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

export function tellSignedOut(): void {
  for (const listener of signedOutListeners) listener();
}

export async function ask<T>(method: string, path: string, question: Question = {}): Promise<T> {
  const response = await send(method, path, question);
  if (!response.ok) throw await refusalOf(response);
  const text = await response.text();
  return (text ? JSON.parse(text) : undefined) as T;
}

export async function send(method: string, path: string, question: Question): Promise<Response> {
  const headers: Record<string, string> = {
    "accept-language": document.documentElement.lang,
    "strongroom-zone": new Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
  if (question.version !== undefined) headers["if-match"] = `"${question.version}"`;
  if (question.idempotencyKey) headers["idempotency-key"] = question.idempotencyKey;
  if (question.moment) headers["strongroom-moment"] = question.moment;
  if (question.file) headers["content-type"] = "text/csv";
  else if (method !== "GET") headers["content-type"] = "application/json";
  const body = question.file ?? (method === "GET" ? undefined : JSON.stringify(question.body ?? {}));
  try {
    return await fetch(path, { method, headers, body: body ?? null, signal: question.signal ?? null });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw unreached();
  }
}

function unreached(): ApiError {
  tellUnreached();
  return new ApiError(0, { code: "offline" });
}

export async function refusalOf(response: Response): Promise<ApiError> {
  const answer = (await response.json().catch(() => ({}))) as { error?: Partial<ApiError> };
  // A proxy that finds nobody behind it answers so.
  if (!answer.error && [502, 503, 504].includes(response.status)) return unreached();
  const error = new ApiError(response.status, answer.error ?? {});
  if (error.code === "signed_out") tellSignedOut();
  return error;
}

/** A query string without the parameters that are not set; objects travel as JSON. */
export function withQuery(path: string, parameters: Record<string, unknown>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined || value === null || value === "" || value === false) continue;
    search.set(name, typeof value === "object" ? JSON.stringify(value) : String(value));
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}
