import { useMutation } from '@apollo/client/react';
import { useEffect } from 'react';
import { Navigate, useParams } from 'react-router';
import {
  AlertPageDocument,
  MarkAlertReadDocument,
  UnreadAlertsDocument,
  type AlertParts,
} from '../../api/documents/alerts.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { Page } from '../../ui/page.js';
import { Loaded } from '../../ui/states.js';
import { alertTarget } from '../../words/alert-target.js';

/** Where the link in a mail leads: on to the page the alert is about. Opening it counts as reading it. */
export function AlertPage() {
  const { id = '' } = useParams();
  const query = useLiveQuery(AlertPageDocument, { variables: { id }, fallbackPollMs: 0 });
  const alert = query.data?.alert;
  if (alert) return <ReadAndGoOn alert={alert} />;
  return (
    <Page title="Alert" back={{ to: '/alerts', text: 'Alerts' }}>
      <Loaded data={alert} error={query.error} isLoading={query.isLoading} onRetry={query.refetch}>
        {() => null}
      </Loaded>
    </Page>
  );
}

function ReadAndGoOn({ alert }: { alert: AlertParts }) {
  const [markRead] = useMutation(MarkAlertReadDocument, { refetchQueries: [UnreadAlertsDocument] });
  const { id: alertId, readAt } = alert;
  useEffect(() => {
    if (readAt === null) markRead({ variables: { input: { alertId } } }).catch(() => undefined);
  }, [markRead, alertId, readAt]);
  return <Navigate replace to={alertTarget(alert)} />;
}
