import { useEffect, useRef, useState } from 'react';
import { Link, useParams } from 'react-router';
import { mayAct } from '../../api/account-rights.js';
import { isOperator, useAccount } from '../../api/api-context.js';
import {
  SessionPageDocument,
  SessionUpdatedDocument,
  type SessionPageQuery,
} from '../../api/documents/session.js';
import { useLive, useLiveQuery } from '../../api/use-live-query.js';
import { Badge } from '../../ui/badge.js';
import { ButtonLink } from '../../ui/button.js';
import { CostLines } from '../../ui/cost-lines.js';
import { Time } from '../../ui/figures.js';
import { formatTime } from '../../ui/format.js';
import { Card, Page } from '../../ui/page.js';
import { Empty, Loaded, Notice, Skeleton } from '../../ui/states.js';
import { SEVERITY_TEXTS, SEVERITY_TONES } from '../../words/alert-words.js';
import { invoiceName, monthText } from '../../words/invoice-words.js';
import { fundNotice } from '../../words/fund-words.js';
import { sessionWord, stopReasonText } from '../../words/session-words.js';
import { RatingCard } from './rating-card.js';
import { SessionDetails } from './session-details.js';
import { SessionMeter } from './session-meter.js';
import { isSettling } from './settling.js';
import { StopControl } from './stop-control.js';

export type ShownSession = NonNullable<SessionPageQuery['session']>;

/** One session, live while it runs, with its price and rating afterwards. Drivers and operators share it. */
export function SessionPage() {
  const { id = '' } = useParams();
  const operator = isOperator(useAccount());
  const query = useLiveQuery(SessionPageDocument, {
    variables: { id, operator },
    pollMs: 60_000,
    fallbackPollMs: 4_000,
  });
  const session = query.data?.session;
  useLive(SessionUpdatedDocument, { id }, { skip: session == null });
  const name = session?.station.name ?? 'Session';
  const back = operator ? { to: '/sessions', text: 'Sessions' } : { to: '/charging', text: 'My charging' };
  return (
    <Page title={name} back={back} lead={session && <Lead session={session} />}>
      <Loaded
        data={session}
        error={query.error}
        isLoading={query.isLoading}
        onRetry={query.refetch}
        skeleton={<Skeleton rows={4} tall />}
      >
        {(shown) => <SessionView session={shown} operator={operator} onRefresh={query.refetch} />}
      </Loaded>
    </Page>
  );
}

function Lead({ session }: { session: ShownSession }) {
  const word = sessionWord(session);
  return (
    <p className="session-lead">
      <Badge tone={word.tone} pulsing={session.state === 'ACTIVE' && session.chargingState === 'CHARGING'}>
        <span role="status" data-figure="state">
          {word.text}
        </span>
      </Badge>
      <span>
        {[session.location.name, session.location.city].filter(Boolean).join(', ')} · point{' '}
        {session.evseNumber}
      </span>
    </p>
  );
}

interface SessionViewProps {
  readonly session: ShownSession;
  readonly operator: boolean;
  readonly onRefresh: () => void;
}

function SessionView({ session, operator, onRefresh }: SessionViewProps) {
  const isActive = session.state === 'ACTIVE';
  const acts = mayAct(useAccount().role);
  // Kept here: the answer to a stop still stands when the button has gone.
  const [stopped, setStopped] = useState(false);
  const reason = stopReasonText(session.stopReason);
  const money = fundNotice(session.fund, isActive);
  useSettling(session, onRefresh);
  return (
    <div className="session-grid">
      <div className="session-main">
        <SessionMeter session={session} />
        {isActive && acts && (
          <StopControl sessionId={session.id} onStopped={() => setStopped(true)} onRefresh={onRefresh} />
        )}
        {!isActive && (reason ?? stopped) && <Notice tone="good">Charging has ended. {reason}</Notice>}
        {money && <Notice tone={money.tone}>{money.text}</Notice>}
        {session.billingHold && <Notice tone="warn">Billing waits: {session.billingHold}</Notice>}
        <CostCard session={session} />
        {!operator && !isActive && <RatingCard session={session} />}
      </div>
      <div className="session-side">
        {session.quote && (
          <Card title={operator ? 'Price' : 'Your price'}>
            <p className="quiet">{session.quote.tariffName}</p>
            <ul className="plain-list">
              {session.quote.summary.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </Card>
        )}
        <AlertList session={session} />
        <SessionDetails session={session} operator={operator} />
      </div>
    </div>
  );
}

const SETTLE_MS = 4_000;

// Price, invoice and rating come from other services after the end, each a moment later than the last event here.
function useSettling(session: ShownSession, onRefresh: () => void): void {
  const refresh = useRef(onRefresh);
  useEffect(() => {
    refresh.current = onRefresh;
  });
  const waits = isSettling(session, Date.now());
  useEffect(() => {
    if (!waits) return undefined;
    const timer = setInterval(() => refresh.current(), SETTLE_MS);
    return () => clearInterval(timer);
  }, [waits]);
}

function CostCard({ session }: { session: ShownSession }) {
  const { cost, invoice, collectiveMonth, collectiveInvoiceAt } = session;
  return (
    <Card
      title={cost?.final ? 'Final cost' : 'Cost so far'}
      actions={
        invoice && (
          <ButtonLink to={`/invoices/${invoice.id}`} look="primary">
            {invoiceName(invoice.kind)} {invoice.number}
          </ButtonLink>
        )
      }
    >
      {cost && cost.lines.length > 0 ? (
        <CostLines
          caption={cost.final ? 'Final cost' : 'Cost so far'}
          lines={cost.lines}
          totals={{ exclVat: cost.totalExclVat, vat: cost.totalVat, inclVat: cost.totalInclVat }}
        />
      ) : (
        <Empty icon="receipt" title="No cost yet">
          The first line appears with the first energy delivered.
        </Empty>
      )}
      {cost?.totalInclVat.amount.startsWith('-') && (
        <p>
          {cost.final
            ? 'This session is in your favour: the amount goes into your wallet.'
            : 'So far this session is in your favour.'}
        </p>
      )}
      {collectiveMonth && collectiveInvoiceAt && (
        <p className="quiet">
          On the invoice for {monthText(collectiveMonth)}, which comes on{' '}
          {formatTime(collectiveInvoiceAt, 'day')}.
        </p>
      )}
      {session.state === 'ENDED' && cost?.final !== true && (
        <p className="quiet">The final meter reading is being checked. The invoice follows within minutes.</p>
      )}
    </Card>
  );
}

function AlertList({ session }: { session: ShownSession }) {
  const alerts = session.alerts ?? [];
  if (alerts.length === 0) return null;
  return (
    <Card title="What happened">
      <ol className="timeline">
        {alerts.map(({ id, severity, title, body, raisedAt }) => (
          <li key={id} data-tone={SEVERITY_TONES[severity]}>
            <span className="visually-hidden">{SEVERITY_TEXTS[severity]}: </span>
            <strong>{title}</strong>
            <p>{body}</p>
            <p className="quiet">
              <Time iso={raisedAt}>{formatTime(raisedAt, 'time')}</Time>
            </p>
          </li>
        ))}
      </ol>
      <p>
        <Link to="/alerts">All alerts</Link>
      </p>
    </Card>
  );
}
