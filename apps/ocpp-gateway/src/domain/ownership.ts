/**
 * Who speaks for a station (docs/ocpp-notes.md section 2, points 4 and 5): the newest authenticated connection, known
 * by the highest generation. The database numbers the generations; every other step compares before it acts, so that
 * the late end of an older socket can never take down a newer one.
 */
export interface Ownership {
  readonly connectionId: string;
  readonly generation: number;
}

/** What came of taking a station over. */
export interface Taken {
  readonly generation: number;
  /** The connection that was replaced, when it was still there, the process that held it, and where it came from. */
  readonly previous:
    { readonly connectionId: string; readonly bootId: string; readonly remoteIp: string } | undefined;
}

export type Claim = 'take' | 'keep' | 'already';

/** What a pod does when `candidate` wants the place that `holder` has among its own sockets. */
export function claim(holder: Ownership | undefined, candidate: Ownership): Claim {
  if (holder === undefined) return 'take';
  if (holder.connectionId === candidate.connectionId) return 'already';
  return candidate.generation > holder.generation ? 'take' : 'keep';
}

/** True when `mine` has been replaced by a connection of generation `newest`: its frames are refused from now on. */
export function isSuperseded(mine: Ownership, newest: number): boolean {
  return mine.generation < newest;
}
