import { Link } from 'react-router';
import type { AlertParts } from '../../api/documents/alerts.js';
import {
  OverviewAlertsDocument,
  OverviewCountsDocument,
  type OverviewCountsQuery,
} from '../../api/documents/overview.js';
import { QuarantineWaitsDocument } from '../../api/documents/frames.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { Badge } from '../../ui/badge.js';
import { FigureItem, Figures } from '../../ui/figures.js';
import { LOCALE, formatAgo, formatNumber, formatTime, powerFigure } from '../../ui/format.js';
import { Card, Page } from '../../ui/page.js';
import { Empty, Loaded, Notice, Skeleton } from '../../ui/states.js';
import { useNow } from '../../ui/use-now.js';
import { alertTarget } from '../../words/alert-target.js';
import { SEVERITY_TEXTS, SEVERITY_TONES } from '../../words/alert-words.js';
import { StationRowItem } from './station-row-item.js';

export function OverviewPage() {
  const counts = useLiveQuery(OverviewCountsDocument, { pollMs: 5_000 });
  const alerts = useLiveQuery(OverviewAlertsDocument, { pollMs: 30_000 });
  const quarantine = useLiveQuery(QuarantineWaitsDocument, { pollMs: 30_000 });
  const isWaiting = (quarantine.data?.quarantinedFrames?.edges.length ?? 0) > 0;
  return (
    <Page title="Overview">
      <Loaded
        data={counts.data}
        error={counts.error}
        isLoading={counts.isLoading}
        onRetry={counts.refetch}
        skeleton={<Skeleton rows={2} tall />}
      >
        {(data) => <Counts data={data} unread={alerts.data?.alerts.unreadCount} />}
      </Loaded>
      {isWaiting && (
        <Notice tone="warn">
          Messages about charging could not be processed and wait for somebody:{' '}
          <Link to="/set-aside">look at them</Link>.
        </Notice>
      )}
      <div className="columns">
        <Faulted query={counts} />
        <Card title="Latest alerts" actions={<Link to="/alerts">All alerts</Link>}>
          <Loaded
            data={alerts.data?.alerts}
            error={alerts.error}
            isLoading={alerts.isLoading}
            onRetry={alerts.refetch}
          >
            {({ edges }) =>
              edges.length === 0 ? (
                <Empty icon="bell" title="No alerts">
                  Faults and anomalies appear here the moment they are found.
                </Empty>
              ) : (
                <ul className="rows">
                  {edges.map(({ node }) => (
                    <AlertLine key={node.id} alert={node} />
                  ))}
                </ul>
              )
            }
          </Loaded>
        </Card>
      </div>
    </Page>
  );
}

function Counts({ data, unread }: { data: OverviewCountsQuery; unread: number | undefined }) {
  const { online, offline, faulted, livePower } = data;
  const count = (value: number) => formatNumber(value, LOCALE);
  return (
    <section className="meter" aria-label="Right now" data-active>
      <Figures>
        <FigureItem
          big
          label="Power now"
          name="power"
          figure={powerFigure(livePower.powerW)}
          note={`at ${formatTime(livePower.asOf, 'time-seconds')}`}
        />
        <FigureItem label="Active sessions" name="sessions" figure={count(livePower.activeSessions)} />
        <FigureItem label="Stations online" name="online" figure={count(online.totalCount)} />
        <FigureItem label="Stations offline" name="offline" figure={count(offline.totalCount)} />
        <FigureItem label="With a fault" name="faulted" figure={count(faulted.totalCount)} />
        <FigureItem label="Unread alerts" name="alerts" figure={unread === undefined ? '–' : count(unread)} />
      </Figures>
    </section>
  );
}

function Faulted({
  query,
}: {
  query: ReturnType<typeof useLiveQuery<OverviewCountsQuery, Record<string, never>>>;
}) {
  return (
    <Card title="Needs attention" actions={<Link to="/stations">All stations</Link>}>
      <Loaded
        data={query.data?.faulted}
        error={undefined}
        isLoading={query.isLoading}
        onRetry={query.refetch}
      >
        {({ edges }) =>
          edges.length === 0 ? (
            <Empty icon="check" title="No faults">
              Stations that report an error stand here first.
            </Empty>
          ) : (
            <ul className="rows">
              {edges.map(({ node }) => (
                <StationRowItem key={node.id} station={node} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Card>
  );
}

function AlertLine({ alert }: { alert: AlertParts }) {
  const now = useNow(30_000);
  return (
    <li className="row alert-row" data-unread={alert.readAt === null || undefined} data-alert={alert.kind}>
      <Badge tone={SEVERITY_TONES[alert.severity]}>{SEVERITY_TEXTS[alert.severity]}</Badge>
      <div className="row-main">
        <Link to={alertTarget(alert)} className="row-title row-link">
          {alert.title}
        </Link>
        <p className="quiet">
          {alert.body} · {formatAgo(alert.raisedAt, now)}
        </p>
      </div>
    </li>
  );
}
