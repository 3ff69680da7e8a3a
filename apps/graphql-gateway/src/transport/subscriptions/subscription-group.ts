import { EVENT_ID, type Rewritten } from '../../domain/subscription-rewrite.js';
import type { Identity } from '../../federation/identity.js';
import { GraphQLError, type ExecutionResult } from 'graphql';
import { Pace } from './pace.js';
import type { ResultStream } from './result-stream.js';

export const INTERVAL_MS = 250;
/** Different alerts that may wait for their turn. */
const MAX_PENDING = 50;
/** After one of these about the watched object itself there is nothing left to watch. */
const FINAL: ReadonlySet<unknown> = new Set([
  'NOT_FOUND',
  'FORBIDDEN',
  'UNAUTHENTICATED',
  'BAD_USER_INPUT',
  'GRAPHQL_VALIDATION_FAILED',
]);

export type Execute = (
  query: string,
  variables: Record<string, unknown>,
  identity: Identity,
) => Promise<ExecutionResult>;

/** Everybody who watches the same thing with the same selection and the same rights: one execution for all of them. */
export class SubscriptionGroup {
  private readonly members = new Map<ResultStream, Identity>();
  private readonly pace: Pace;

  constructor(
    private readonly plan: Rewritten,
    private readonly variables: Record<string, unknown>,
    private readonly execute: Execute,
  ) {
    this.pace = new Pace(INTERVAL_MS, MAX_PENDING, (id) => this.run(id));
  }

  get size(): number {
    return this.members.size;
  }

  join(stream: ResultStream, identity: Identity): void {
    this.members.set(stream, identity);
  }

  /** Stops when the last one leaves. */
  leave(stream: ResultStream): void {
    this.members.delete(stream);
    if (this.members.size === 0) this.pace.stop();
  }

  /** Something happened to `id`; undefined: something may have been missed. */
  readonly trigger = (id: string | undefined): void => {
    // Missed alerts are in the list of alerts; only a watched object can be asked for again.
    if (this.plan.bridge.about === 'object') this.pace.trigger(id ?? '');
    else if (id !== undefined) this.pace.trigger(id);
  };

  private async run(id: string): Promise<void> {
    const identity = longestValid(this.members.values());
    if (!identity) return;
    const { bridge, key, query } = this.plan;
    const variables = bridge.about === 'person' ? { ...this.variables, [EVENT_ID]: id } : this.variables;
    let result: ExecutionResult;
    try {
      result = await this.execute(query, variables, identity);
    } catch {
      return; // logged where it happened; the next message tries again
    }
    const final = finalError(result, key);
    for (const stream of [...this.members.keys()]) {
      if (!final) stream.push(result);
      // An alert for all operators that this one may not see says nothing about the next.
      else if (bridge.about === 'object') stream.fail(final);
    }
  }
}

/** Rights are equal in a group, the times their tokens end are not. */
function longestValid(identities: Iterable<Identity>): Identity | undefined {
  let best: Identity | undefined;
  for (const identity of identities) {
    if (!best || (identity.expiresAtMs ?? 0) > (best.expiresAtMs ?? 0)) best = identity;
  }
  return best;
}

/** The error that answers the root field, when it is one that stays. */
function finalError({ data, errors }: ExecutionResult, key: string): GraphQLError | undefined {
  if (data?.[key] !== null && data?.[key] !== undefined) return undefined;
  const error = errors?.find(
    ({ path, extensions }) => FINAL.has(extensions?.['code']) && (path === undefined || path.length <= 1),
  );
  return error && new GraphQLError(error.message, { path: [key], extensions: { ...error.extensions } });
}
