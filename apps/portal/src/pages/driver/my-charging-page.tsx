import { Link } from 'react-router';
import {
  SessionRowUpdatedDocument,
  SessionsDocument,
  type SessionRow,
} from '../../api/documents/session-rows.js';
import { useLive, useLiveQuery } from '../../api/use-live-query.js';
import { Badge } from '../../ui/badge.js';
import { ButtonLink } from '../../ui/button.js';
import { FigureItem, Figures } from '../../ui/figures.js';
import {
  energyFigure,
  formatDuration,
  formatMoney,
  formatPercent,
  formatTime,
  powerFigure,
} from '../../ui/format.js';
import { Card, Page } from '../../ui/page.js';
import { Pagination, useCursorPages } from '../../ui/pagination.js';
import { Empty, Loaded, Skeleton } from '../../ui/states.js';
import { useNow } from '../../ui/use-now.js';
import { sessionWord } from '../../words/session-words.js';
import { SessionRowItem } from '../session/session-row-item.js';
import { MyReservations } from './my-reservations.js';

const PAGE_SIZE = 10;

export function MyChargingPage() {
  const active = useLiveQuery(SessionsDocument, {
    variables: { first: 10, filter: { state: 'ACTIVE' } },
    pollMs: 15_000,
    fallbackPollMs: 5_000,
  });
  return (
    <Page
      title="My charging"
      actions={
        <ButtonLink to="/start" look="primary">
          Start charging
        </ButtonLink>
      }
    >
      <Loaded
        data={active.data?.sessions}
        error={active.error}
        isLoading={active.isLoading}
        onRetry={active.refetch}
        skeleton={<Skeleton rows={1} tall />}
      >
        {({ edges }) =>
          edges.length === 0 ? (
            <Empty icon="bolt" title="Nothing is charging">
              <p>Plug in and hold your card to the station, or start from here.</p>
            </Empty>
          ) : (
            <ul className="now-list" aria-label="Charging now">
              {edges.map(({ node }) => (
                <NowCharging key={node.id} session={node} />
              ))}
            </ul>
          )
        }
      </Loaded>
      <MyReservations />
      <History />
    </Page>
  );
}

function NowCharging({ session }: { session: SessionRow }) {
  useLive(SessionRowUpdatedDocument, { id: session.id });
  const now = useNow(15_000);
  const word = sessionWord(session);
  const { estimatedFullAt } = session;
  const remaining = estimatedFullAt ? (Date.parse(estimatedFullAt) - now) / 1000 : 0;
  return (
    <li className="meter now-card" data-session={session.id}>
      <div className="now-head">
        <Link to={`/sessions/${session.id}`} className="row-link">
          {session.station.name}
        </Link>
        <Badge tone={word.tone} pulsing={session.chargingState === 'CHARGING'}>
          {word.text}
        </Badge>
        <p>
          {session.location.name} · since {formatTime(session.startedAt, 'time')}
        </p>
      </div>
      <Figures>
        <FigureItem big label="Power now" name="power" figure={powerFigure(session.livePowerW)} />
        <FigureItem label="Energy" name="energy" figure={energyFigure(session.energyWh)} />
        <FigureItem
          label="Cost so far"
          name="cost"
          figure={session.cost ? formatMoney(session.cost.totalInclVat) : '–'}
        />
        {remaining > 0 ? (
          <FigureItem label="Time to full" name="full" figure={formatDuration(remaining)} />
        ) : (
          session.socPercent != null && (
            <FigureItem label="Battery" name="soc" figure={formatPercent(session.socPercent)} />
          )
        )}
      </Figures>
    </li>
  );
}

function History() {
  const pages = useCursorPages();
  const query = useLiveQuery(SessionsDocument, {
    variables: { first: PAGE_SIZE, after: pages.after, filter: { state: 'ENDED' } },
    pollMs: 60_000,
    fallbackPollMs: 30_000,
  });
  return (
    <Card title="History">
      <Loaded
        data={query.data?.sessions}
        error={query.error}
        isLoading={query.isLoading}
        onRetry={query.refetch}
      >
        {({ edges, pageInfo, totalCount }) =>
          edges.length === 0 ? (
            <Empty icon="receipt" title="No sessions yet">
              Your finished sessions are kept here with their energy and price.
            </Empty>
          ) : (
            <>
              <ul className="rows">
                {edges.map(({ node }) => (
                  <SessionRowItem key={node.id} session={node} />
                ))}
              </ul>
              <Pagination
                pages={pages}
                size={PAGE_SIZE}
                shown={edges.length}
                total={totalCount}
                pageInfo={pageInfo}
                of="sessions"
              />
            </>
          )
        }
      </Loaded>
    </Card>
  );
}
