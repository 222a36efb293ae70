/** One look for all who ask within that time; one that fails is forgotten. */
export function rememberFor<Value>(milliseconds: number, look: () => Promise<Value>): () => Promise<Value> {
  let known: { until: number; value: Promise<Value> } | undefined;
  return () => {
    if (known !== undefined && performance.now() < known.until) return known.value;
    const value = look();
    const mine = { until: performance.now() + milliseconds, value };
    known = mine;
    value.catch(() => {
      if (known === mine) known = undefined;
    });
    return value;
  };
}
