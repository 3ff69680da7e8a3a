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
  await allAtOnce(
    chains.map(async (chain) => {
      for (const item of chain) await work(item);
    }),
  );
}

/**
 * Works that are under way in one transaction, so that their statements travel together. All of them end before what failed first is
 * thrown: nobody is left in a transaction that is over. First in time, because the server refuses what comes after a failure for no
 * other reason.
 */
export async function allAtOnce<T>(works: readonly Promise<T>[]): Promise<T[]> {
  let first: { readonly error: unknown } | undefined;
  const ends = await Promise.all(
    works.map((work) =>
      work.then(
        (value) => [value],
        (error: unknown) => {
          first ??= { error };
          return [];
        },
      ),
    ),
  );
  if (first) throw first.error;
  return ends.flat() as T[];
}
