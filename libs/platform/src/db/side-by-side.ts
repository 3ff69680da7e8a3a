import { groupBy } from '@kilowatch/kernel';

/**
 * Works on items with one key in their order, and on those with different keys at the same time. In a transaction their statements
 * then travel together. All of it ends before what failed first is thrown: the transaction goes on with nobody left in it.
 */
export async function sideBySide<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const chains = [...groupBy(items, keyOf).values()];
  const ends = await Promise.allSettled(
    chains.map(async (chain) => {
      for (const item of chain) await work(item);
    }),
  );
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
}
