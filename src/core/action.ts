import type { z } from "zod";
import type { Actor, Verb } from "./actor.ts";
import type { AuditEntry } from "./audit.ts";
import type { Call } from "./call.ts";
import type { Db } from "./transaction.ts";

/** What the database is asked with; `audit` adds a row to this request's own transaction. */
export type Work<Input> = {
  readonly db: Db;
  readonly actor: Actor;
  readonly input: Input;
  readonly call: Call;
  readonly audit: (entry: AuditEntry) => void;
};

/** What is remembered of a command for a day, in case it is sent again. */
export type Remembered = { readonly id: string | number | null; readonly version: number | null };

type Definition<Input, Found, Output> = {
  /** For example "opportunity.move": noun, dot, verb. */
  readonly name: string;
  /** One sentence for the API's description. */
  readonly summary: string;
  readonly input: z.ZodType<Input>;
  readonly output: z.ZodType;
  /** The allow-listed right of the level that opens this action at all, besides the policy on records. */
  readonly permission?: string;
  /** The verb that the level must hold in some scope; on which records is the policy's matter. */
  readonly right?: { readonly module: string; readonly verb: Verb };
  /** Asked by the program itself again and again (open streams): no audit row of its own. */
  readonly quiet?: boolean;
  /** Looks the record up through the actor's own view; undefined means "not found" to the asker. */
  find?(work: Work<Input>): Promise<Found | undefined>;
  /** Throws a Refusal when the actor sees the record but may not do this to it. */
  allows?(work: Work<Input>, found: Found): void;
  run(work: Work<Input>, found: Found): Promise<Output>;
  /**
   * Answers a command that was done before and is sent again: afresh, through the actor's own view of now; undefined
   * means "not found". Without it the repeat is told that it was done.
   */
  again?(work: Work<Input>, remembered: Remembered): Promise<Output | undefined>;
  /** Its input or its answer holds a secret, of which nothing is remembered. */
  readonly secret?: true;
  /** What the audit log keeps of it; before and after for changes. Absent: name and input's id only. */
  audited?(input: Input, result: Output, found: Found): AuditEntry | undefined;
};

export type Action<Input = unknown, Output = unknown> = Definition<Input, unknown, Output> & {
  readonly kind: "query" | "command";
};

/** A part of a long answer: its text, and how many records stand in it. */
export type Part = { readonly text: string; readonly rows: number };

/** A long answer, made part by part as fast as it is read. */
export type Streaming = {
  readonly mediaType: string;
  readonly fileName: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly parts: AsyncIterable<Part>;
  /** What the log keeps of it, before its first byte leaves. */
  readonly audited: AuditEntry;
};

/**
 * An action whose answer may be of any size. It reads one snapshot under the asker's rights, so what it tells is of one
 * moment; `performStream` runs it.
 */
export type StreamAction<Input = unknown> = Pick<
  Definition<Input, undefined, string>,
  "name" | "summary" | "input" | "output" | "permission" | "right"
> & {
  readonly kind: "stream";
  /** Throws a Refusal for every "no"; what is wrong with the first part is still told as a refusal. */
  begin(work: Omit<Work<Input>, "audit">): Promise<Streaming>;
};

export function stream<Input>(definition: Omit<StreamAction<Input>, "kind">): StreamAction<Input> {
  return { ...definition, kind: "stream" };
}

/** An action that changes nothing: its transaction is READ ONLY, and it may be run twice for one answer. */
export function query<Input, Output, Found = undefined>(
  definition: Definition<Input, Found, Output>,
): Action<Input, Output> {
  return { ...(definition as unknown as Definition<Input, unknown, Output>), kind: "query" };
}

/** An action that may change the tenant's database; its audit row commits with it. */
export function command<Input, Output, Found = undefined>(
  definition: Definition<Input, Found, Output>,
): Action<Input, Output> {
  return { ...(definition as unknown as Definition<Input, unknown, Output>), kind: "command" };
}
