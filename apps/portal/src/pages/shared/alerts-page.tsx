import { useMutation } from '@apollo/client/react';
import { useState } from 'react';
import { Link } from 'react-router';
import { isOperator, useAccount } from '../../api/api-context.js';
import {
  AlertInboxDocument,
  MarkAlertReadDocument,
  UnreadAlertsDocument,
  type AlertParts,
} from '../../api/documents/alerts.js';
import { errorSentence } from '../../api/error-text.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { Time } from '../../ui/figures.js';
import { formatAgo } from '../../ui/format.js';
import { Page } from '../../ui/page.js';
import { PagedList } from '../../ui/paged-list.js';
import { useCursorPages } from '../../ui/pagination.js';
import { Empty, Notice } from '../../ui/states.js';
import { useNow } from '../../ui/use-now.js';
import { alertTarget } from '../../words/alert-target.js';
import { SEVERITY_TEXTS, SEVERITY_TONES } from '../../words/alert-words.js';
import { OperatorAlertTabs } from '../operator/alert-tabs.js';

const PAGE_SIZE = 20;

export function AlertsPage() {
  const operator = isOperator(useAccount());
  const [unreadOnly, setUnreadOnly] = useState(false);
  const pages = useCursorPages();
  const query = useLiveQuery(AlertInboxDocument, {
    variables: { first: PAGE_SIZE, after: pages.after, unreadOnly },
  });
  const [markRead, { error }] = useMutation(MarkAlertReadDocument, {
    refetchQueries: [UnreadAlertsDocument, AlertInboxDocument],
  });
  const read = (alertId: string) =>
    void markRead({ variables: { input: { alertId } } }).catch(() => undefined);
  const show = pages.anew(setUnreadOnly);
  return (
    <Page title="Alerts" actions={<Link to="/account#preferences">Alert preferences</Link>}>
      {operator && <OperatorAlertTabs />}
      <div className="segments" role="group" aria-label="Which alerts">
        <button type="button" aria-pressed={!unreadOnly} onClick={() => show(false)}>
          All
        </button>
        <button type="button" aria-pressed={unreadOnly} onClick={() => show(true)}>
          Unread
        </button>
      </div>
      {error && <Notice tone="bad">{errorSentence(error)}</Notice>}
      <PagedList
        query={query}
        list={query.data?.alerts}
        pages={pages}
        size={PAGE_SIZE}
        of="alerts"
        rows={6}
        empty={
          <Empty icon="bell" title={unreadOnly ? 'All read' : 'No alerts yet'}>
            {operator
              ? 'Faults and anomalies of your stations appear here the moment they are found.'
              : 'You hear from us when charging starts, stops early or is done, and when an invoice is ready.'}
          </Empty>
        }
      >
        {(node) => <AlertItem key={node.id} alert={node} onRead={read} />}
      </PagedList>
    </Page>
  );
}

function AlertItem({ alert, onRead }: { alert: AlertParts; onRead: (id: string) => void }) {
  const now = useNow(30_000);
  const isUnread = alert.readAt === null;
  return (
    <li className="row alert-row" data-unread={isUnread || undefined} data-alert={alert.kind}>
      <Badge tone={SEVERITY_TONES[alert.severity]}>{SEVERITY_TEXTS[alert.severity]}</Badge>
      <div className="row-main">
        <Link to={alertTarget(alert)} className="row-title" onClick={() => isUnread && onRead(alert.id)}>
          {alert.title}
        </Link>
        <p>{alert.body}</p>
        <p className="quiet">
          <Time iso={alert.raisedAt}>{formatAgo(alert.raisedAt, now)}</Time>
        </p>
      </div>
      {isUnread && (
        <Button look="plain" onClick={() => onRead(alert.id)}>
          Mark read<span className="visually-hidden">: {alert.title}</span>
        </Button>
      )}
    </li>
  );
}
