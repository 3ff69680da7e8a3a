import { backOffMs, LATER_MS, REPLAN_MS } from '../../domain/local-list/list-verdict.js';
import type { ListState } from '../../persistence/local-list.repository.js';

/** How a part of a conversation with a station ended. AWAY: it is offline; LATER: it was not reached; FAILED: it did not do it. */
export type End =
  | { readonly kind: 'DONE'; readonly state: ListState; readonly reason?: string }
  | { readonly kind: 'AWAY' }
  | { readonly kind: 'LATER' }
  | { readonly kind: 'FAILED'; readonly reason: string };

export interface Closing {
  readonly state: ListState;
  readonly reason: string;
  readonly attempts: number;
  /** Undefined: when the station comes back, or something changes. */
  readonly dueAt: Date | undefined;
}

/** `attempts`: that failed in a row before. A list that is in step is looked at again the next day. */
export function closingOf(end: End, cache: End, attempts: number, now: Date): Closing {
  const after = (ms: number) => new Date(now.getTime() + ms);
  const worst =
    [end, cache].find(({ kind }) => kind === 'FAILED') ?? [end, cache].find(({ kind }) => kind !== 'DONE');
  const state = end.kind === 'DONE' ? end.state : end.kind === 'FAILED' ? 'FAILED' : 'PENDING';
  const reason = reasonOf(end);
  switch (worst?.kind) {
    case undefined:
    case 'DONE':
      return { state, reason, attempts: 0, dueAt: state === 'IN_SYNC' ? after(REPLAN_MS) : undefined };
    case 'AWAY':
      return { state, reason, attempts, dueAt: undefined };
    case 'LATER':
      return { state, reason, attempts, dueAt: after(LATER_MS) };
    case 'FAILED':
      return { state, reason, attempts: attempts + 1, dueAt: after(backOffMs(attempts + 1)) };
  }
}

function reasonOf(end: End): string {
  switch (end.kind) {
    case 'DONE':
      return end.reason ?? '';
    case 'AWAY':
      return 'STATION_OFFLINE';
    case 'LATER':
      return 'GATEWAY_UNREACHED';
    case 'FAILED':
      return end.reason;
  }
}
