/** One batch being collected: keys asked for in this turn of the event loop, and the promise of their values. */
interface Batch<Key, Value> {
  keys: Set<Key>;
  values: Promise<ReadonlyMap<Key, Value>>;
}

export type BatchFunction<Key, Value> = (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>;

// Weak: a batch lives as long as the context of its request.
const batches = new WeakMap<object, Map<unknown, Batch<unknown, unknown>>>();

/**
 * Loads one key together with all others asked for by the same request: N reference resolvers cost one query.
 * @param context the GraphQL context: batches are never shared between requests, so neither are rights
 * @param name tells apart the things that are loaded (`billing.session-cost`); one name, one function
 * @param load gets the distinct keys, gives a map; a key it leaves out is undefined
 */
export async function batchLoad<Key extends string | number, Value>(
  context: object,
  name: string,
  key: Key,
  load: BatchFunction<Key, Value>,
): Promise<Value | undefined> {
  const open = openBatches(context) as Map<string, Batch<Key, Value>>;
  let batch = open.get(name);
  if (!batch) {
    const keys = new Set<Key>();
    const values = afterPendingResolvers().then(() => {
      open.delete(name);
      return load([...keys]);
    });
    batch = { keys, values };
    open.set(name, batch);
  }
  batch.keys.add(key);
  return (await batch.values).get(key);
}

function openBatches(context: object): Map<unknown, Batch<unknown, unknown>> {
  let open = batches.get(context);
  if (!open) batches.set(context, (open = new Map()));
  return open;
}

/** Guards and argument pipes are promises: only when all of them have run does the turn end. */
const afterPendingResolvers = () => new Promise<void>((resolve) => setImmediate(resolve));
