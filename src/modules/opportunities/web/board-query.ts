import { queryOptions, type QueryClient } from "@tanstack/react-query";
import { ask, keys, withQuery, type BoardStage, type CrmRecord, type Filter } from "#ui/index.ts";

export type Board = { stages: BoardStage[] };

export const boardOf = (filter: Filter | undefined) =>
  queryOptions({
    queryKey: keys.board({ filter }),
    queryFn: ({ signal }) => ask<Board>("GET", withQuery("/api/opportunities/board", { filter }), { signal }),
  });

/** Shows a card in another stage at once, with the sums above the columns. */
export function showMoved(
  client: QueryClient,
  filter: Filter | undefined,
  card: CrmRecord,
  stage: string,
  index: number,
): void {
  client.setQueryData<Board>(keys.board({ filter }), (board) => {
    if (!board) return board;
    return { stages: board.stages.map((column) => withoutOrWith(column, card, stage, index)) };
  });
}

function withoutOrWith(column: BoardStage, card: CrmRecord, stage: string, index: number): BoardStage {
  const had = column.items.some(({ id }) => id === card.id);
  const others = column.items.filter(({ id }) => id !== card.id);
  if (column.stage !== stage) return had ? tallied({ ...column, items: others }, card, -1) : column;
  const moved = { ...column, items: others.toSpliced(index, 0, { ...card, stage }) };
  return had ? moved : tallied(moved, card, 1);
}

function tallied(column: BoardStage, card: CrmRecord, by: 1 | -1): BoardStage {
  if (!column.exact) return column;
  const currency = String(card["currency"] ?? "");
  const value = typeof card["value"] === "number" ? card["value"] : 0;
  const totals = { ...column.totals };
  if (currency in totals) totals[currency] = (totals[currency] ?? 0) + by * value;
  return { ...column, count: column.count + by, totals };
}
