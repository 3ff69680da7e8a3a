/**
 * The order and pace in which a pod lets its chargers go (docs/ocpp-notes.md section 2, point 2): idle ones first, each
 * group in random order so that no site is hit at once, spread evenly over the drain time.
 */
export interface Drainable {
  /** A call to or from the charger is being worked on. */
  readonly busy: boolean;
}

export interface DrainStep<T> {
  /** Milliseconds after the start of the drain. */
  readonly atMs: number;
  readonly connection: T;
}

/** `random` gives 0 <= n < 1. */
export function drainPlan<T extends Drainable>(
  connections: readonly T[],
  drainMs: number,
  random: () => number,
): DrainStep<T>[] {
  const idle = shuffled(
    connections.filter(({ busy }) => !busy),
    random,
  );
  const busy = shuffled(
    connections.filter(({ busy }) => busy),
    random,
  );
  const gap = drainMs / Math.max(1, connections.length);
  return [...idle, ...busy].map((connection, index) => ({ atMs: Math.floor(index * gap), connection }));
}

function shuffled<T>(items: T[], random: () => number): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [items[i], items[j]] = [items[j]!, items[i]!];
  }
  return items;
}
