import { useState } from 'react';
import { Link } from 'react-router';
import { AnomaliesDocument, type AnomaliesQuery } from '../../api/documents/overview.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { Badge } from '../../ui/badge.js';
import { Time } from '../../ui/figures.js';
import { formatPercent, formatTime } from '../../ui/format.js';
import { Page } from '../../ui/page.js';
import { PagedList } from '../../ui/paged-list.js';
import { useCursorPages } from '../../ui/pagination.js';
import { Empty } from '../../ui/states.js';
import { ANOMALY_TEXTS } from '../../words/alert-words.js';
import { OperatorAlertTabs } from './alert-tabs.js';

const PAGE_SIZE = 20;

export function AnomaliesPage() {
  const [openOnly, setOpenOnly] = useState(true);
  const pages = useCursorPages();
  const query = useLiveQuery(AnomaliesDocument, {
    variables: { first: PAGE_SIZE, after: pages.after, open: openOnly ? true : null },
    pollMs: 30_000,
  });
  const show = pages.anew(setOpenOnly);
  return (
    <Page title="Anomalies">
      <OperatorAlertTabs />
      <div className="segments" role="group" aria-label="Which anomalies">
        <button type="button" aria-pressed={openOnly} onClick={() => show(true)}>
          Open
        </button>
        <button type="button" aria-pressed={!openOnly} onClick={() => show(false)}>
          All
        </button>
      </div>
      <PagedList
        query={query}
        list={query.data?.anomalies}
        pages={pages}
        size={PAGE_SIZE}
        of="anomalies"
        rows={5}
        empty={
          <Empty icon="check" title={openOnly ? 'No open anomalies' : 'No anomalies yet'}>
            Sessions without energy, drops in power and interruptions appear here while they happen.
          </Empty>
        }
      >
        {(node) => <AnomalyItem key={node.id} anomaly={node} />}
      </PagedList>
    </Page>
  );
}

function AnomalyItem({ anomaly }: { anomaly: AnomaliesQuery['anomalies']['edges'][number]['node'] }) {
  const { station, session } = anomaly;
  return (
    <li className="row alert-row">
      <Badge tone={anomaly.resolvedAt ? 'quiet' : 'warn'}>{ANOMALY_TEXTS[anomaly.kind]}</Badge>
      <div className="row-main">
        <Link to={session ? `/sessions/${session.id}` : `/stations/${station.id}`} className="row-title">
          {station.name}
        </Link>
        <p>{anomaly.explanation}</p>
        <p className="quiet">
          since <Time iso={anomaly.onset}>{formatTime(anomaly.onset, 'date-time')}</Time> · confidence{' '}
          {formatPercent(anomaly.confidence * 100)}
          {anomaly.resolvedAt && ` · resolved ${formatTime(anomaly.resolvedAt, 'date-time')}`}
        </p>
      </div>
    </li>
  );
}
