/** Several things at once, but not all of them. */

import { availableParallelism } from 'node:os';

/** Runs `work` on every item, so many at once (else a few for each processor); results in order. */
export async function inParallel<T, R>(
  items: readonly T[],
  work: (item: T, i: number) => Promise<R>,
  atOnce = 2 * availableParallelism(),
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < items.length; i = next++) results[i] = await work(items[i] as T, i);
  };
  await Promise.all(Array.from({ length: Math.min(items.length, atOnce) }, worker));
  return results;
}
