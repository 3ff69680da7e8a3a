/** What a pack holds. */
export interface PackLimits<T> {
  readonly most: number;
  readonly mostSize: number;
  readonly sizeOf: (item: T) => number;
  /** For how many an item counts towards `most`; without it for one. */
  readonly countOf?: (item: T) => number;
  /** Whether an item may stand in a pack that begins with `first`; without it any may. */
  readonly goesWith?: (item: T, first: T) => boolean;
}

/**
 * Items in packs of one key, each pack as full as the limits allow: packs in the order in which they begin, items in their own. An item
 * that is larger than a pack has one to itself.
 */
export function packed<T, K>(items: Iterable<T>, keyOf: (item: T) => K, limits: PackLimits<T>): T[][] {
  const { most, mostSize, sizeOf, countOf = () => 1, goesWith } = limits;
  const packs: T[][] = [];
  const open = new Map<K, { readonly items: T[]; size: number; count: number }>();
  for (const item of items) {
    const key = keyOf(item);
    const size = sizeOf(item);
    const count = countOf(item);
    const pack = open.get(key);
    const fits =
      pack !== undefined &&
      pack.count + count <= most &&
      pack.size + size <= mostSize &&
      (goesWith?.(item, pack.items[0]!) ?? true);
    if (fits) {
      pack.items.push(item);
      pack.size += size;
      pack.count += count;
    } else {
      const begun = { items: [item], size, count };
      packs.push(begun.items);
      open.set(key, begun);
    }
  }
  return packs;
}
