import { useApolloClient } from '@apollo/client/react';
import { useCallback, useState } from 'react';
import { AlertRaisedDocument, UnreadAlertsDocument, type AlertParts } from '../api/documents/alerts.js';
import { useLive, useLiveQuery } from '../api/use-live-query.js';

const SHOWN_AT_ONCE = 3;

export interface AlertFeed {
  readonly unread: number;
  /** Raised since the page was opened and not dismissed, newest first. */
  readonly fresh: readonly AlertParts[];
  readonly dismiss: (id: string) => void;
}

/** New alerts as they are raised. One such feed runs as long as somebody is signed in, and keeps the socket open. */
export function useAlertFeed(): AlertFeed {
  const client = useApolloClient();
  const [fresh, setFresh] = useState<readonly AlertParts[]>([]);
  const { data } = useLiveQuery(UnreadAlertsDocument, { pollMs: 60_000, fallbackPollMs: 10_000 });
  useLive(
    AlertRaisedDocument,
    {},
    {
      onData: ({ alertRaised }) => {
        if (!alertRaised) return;
        setFresh((shown) =>
          [alertRaised, ...shown.filter(({ id }) => id !== alertRaised.id)].slice(0, SHOWN_AT_ONCE),
        );
        void client.refetchQueries({
          include: 'active',
          onQueryUpdated: ({ queryName }) => isAboutAlerts(queryName),
        });
      },
    },
  );
  const dismiss = useCallback(
    (id: string) => setFresh((shown) => shown.filter((alert) => alert.id !== id)),
    [],
  );
  return { unread: data?.alerts.unreadCount ?? 0, fresh, dismiss };
}

const isAboutAlerts = (query: string | undefined): boolean =>
  ['UnreadAlerts', 'AlertInbox', 'OverviewAlerts', 'OverviewCounts', 'Anomalies', 'SessionPage'].includes(
    query ?? '',
  );
