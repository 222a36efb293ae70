/** Flat: "territoryUser.listByName.p50Ms" → number. Units are in the names. */
export type Results = Record<string, number | string>;

/** The value that `percent` of the values do not exceed. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.ceil((sorted.length * percent) / 100) - 1)] ?? Number.NaN;
}

/** To three significant digits. */
export const rounded = (value: number): number => Number(value.toPrecision(3));
