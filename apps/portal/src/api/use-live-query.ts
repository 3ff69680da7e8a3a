import type { ErrorLike, OperationVariables, TypedDocumentNode } from '@apollo/client';
import { useQuery, useSubscription } from '@apollo/client/react';
import { useEffect } from 'react';
import { useLiveStatus } from './api-context.js';

export interface LiveQuery<Data> {
  /** Possibly with null parts, when a service behind it is down; `error` then says so. */
  readonly data: Data | undefined;
  readonly error: ErrorLike | undefined;
  readonly isLoading: boolean;
  readonly refetch: () => void;
}

interface LiveQueryOptions<Variables> {
  readonly variables?: Variables;
  readonly skip?: boolean;
  /** Poll interval while the socket is up, ms; 0 = events are enough. */
  readonly pollMs?: number;
  /** Poll interval while it is down, ms. */
  readonly fallbackPollMs?: number;
}

/** A query that keeps itself fresh: slowly while events arrive, by polling while the socket is down. */
export function useLiveQuery<Data, Variables extends OperationVariables>(
  document: TypedDocumentNode<Data, Variables>,
  { variables, skip = false, pollMs = 0, fallbackPollMs = 5_000 }: LiveQueryOptions<Variables> = {},
): LiveQuery<Data> {
  const isLive = useLiveStatus() === 'live';
  const { data, previousData, error, loading, refetch } = useQuery<Data, OperationVariables>(document, {
    variables: variables ?? {},
    skip,
    errorPolicy: 'all',
    fetchPolicy: 'cache-and-network',
    nextFetchPolicy: 'cache-first',
    pollInterval: isLive ? pollMs : fallbackPollMs,
    skipPollAttempt: () => window.document.hidden,
  });
  const shown = (data ?? (loading ? previousData : undefined)) as Data | undefined;
  return { data: shown, error, isLoading: loading, refetch: () => void refetch() };
}

const RESTART_MS = 10_000;

/** Runs a subscription as long as the component lives. What arrives lands in the cache, and so on the page. */
export function useLive<Data, Variables extends OperationVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  options: { skip?: boolean; onData?: (data: Data) => void } = {},
): void {
  const { onData, skip = false } = options;
  const { error, restart } = useSubscription<Data, OperationVariables>(document, {
    variables,
    skip,
    errorPolicy: 'all',
    ignoreResults: false,
    onData: ({ data }) => {
      if (data.data) onData?.(data.data as Data);
    },
  });
  useEffect(() => {
    if (!error || skip) return undefined;
    const timer = setTimeout(restart, RESTART_MS);
    return () => clearTimeout(timer);
  }, [error, restart, skip]);
}
