import { letServerStandBack, withClient } from "#platform/postgres/index.ts";
import { BackupError } from "../backup/backup-error.ts";
import type { Copy } from "./copy-tables.store.ts";
import { inTurns } from "./in-turns.ts";
import { differences, shapeOf } from "./shape.store.ts";
import { checksumOf, readSequences, type Table } from "./tables.store.ts";

export type Compared = { tables: number; rows: number; checksum: string };

/** Compares every row, sequence, policy, right and constraint of both. Throws BackupError `not_equal` with what differs. */
export async function compare({ from, to, signal }: Copy, tables: Table[]): Promise<Compared> {
  const unequal: string[] = [];
  let rows = 0;
  let checksum = 0n;
  await inTurns(tables, async (table) => {
    signal?.throwIfAborted();
    const [wanted, found] = await Promise.all(
      [from, to].map((side) =>
        withClient(side, async (client) => {
          await letServerStandBack(client);
          return checksumOf(client, table);
        }),
      ),
    );
    rows += wanted?.rows ?? 0;
    checksum += BigInt(wanted?.checksum ?? 0);
    if (wanted?.rows !== found?.rows || wanted?.checksum !== found?.checksum)
      unequal.push(
        `${table.schema}.${table.name}: ${wanted?.rows} rows, found ${found?.rows}, or other content`,
      );
  });
  const [wantedShape = [], foundShape = []] = await Promise.all(
    [from, to].map((side) => withClient(side, shapeOf)),
  );
  const sequences = await Promise.all([from, to].map((side) => withClient(side, readSequences)));
  if (JSON.stringify(sequences[0]) !== JSON.stringify(sequences[1]))
    unequal.push("the sequences stand elsewhere");
  unequal.push(...differences(wantedShape, foundShape));
  if (unequal.length > 0)
    throw new BackupError(
      "not_equal",
      `The copy is not what was restored, so nothing was switched:\n  ${unequal.slice(0, 20).join("\n  ")}`,
    );
  return { tables: tables.length, rows, checksum: checksum.toString(16) };
}
