import { useMutation, useQuery } from '@apollo/client/react';
import { useEffect, useRef, useState } from 'react';
import {
  AwaitedSessionDocument,
  CreateQuoteDocument,
  StartLocationDocument,
  StartSessionDocument,
  type StartLocationQuery,
} from '../../api/documents/start.js';
import { errorSentence } from '../../api/error-text.js';
import { newKey } from '../../api/idempotency-key.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { Button, ButtonLink } from '../../ui/button.js';
import { formatPower, formatTime } from '../../ui/format.js';
import { Card } from '../../ui/page.js';
import { Failure, Notice, Skeleton } from '../../ui/states.js';
import { useNow } from '../../ui/use-now.js';
import { startRefusalText } from '../../words/outcome-words.js';
import { connectorPowerW, connectorStandardText } from '../../words/session-words.js';
import { AwaitSession } from './await-session.js';
import { useOpenReservations } from './my-reservations.js';
import { ReserveForm } from './reserve-form.js';
import { PriceSchedule } from '../shared/price-schedule.js';

interface ConfirmStartProps {
  readonly locationId: string;
  readonly connectorId: string;
}

/** The price first, then the start: the session is billed by the quote shown here. */
export function ConfirmStart({ locationId, connectorId }: ConfirmStartProps) {
  const { data } = useLiveQuery(StartLocationDocument, { variables: { id: locationId }, pollMs: 10_000 });
  const [askQuote, asked] = useMutation(CreateQuoteDocument);
  const [start, { loading: isStarting }] = useMutation(StartSessionDocument);
  const [refusal, setRefusal] = useState<string>();
  const { data: running } = useQuery(AwaitedSessionDocument, { fetchPolicy: 'network-only' });
  const [requested, setRequested] = useState<{ sinceMs: number; earlier: readonly string[] }>();
  const [reserves, setReserves] = useState(false);
  const now = useNow(5_000);
  const askedFor = useRef<string>(undefined);

  const renew = () => void askQuote({ variables: { input: { connectorId } } }).catch(() => undefined);
  useEffect(() => {
    // Development mounts twice; one quote is enough.
    if (askedFor.current === connectorId) return;
    askedFor.current = connectorId;
    askQuote({ variables: { input: { connectorId } } }).catch(() => undefined);
  }, [askQuote, connectorId]);

  // What the station was told may be seen before what it says itself.
  const isKept = useOpenReservations().some(({ connector }) => connector?.id === connectorId);
  const mayReserve = !isKept && isFree(data?.location, connectorId);
  const quote = asked.data?.createQuote.quote;
  const isExpired = quote?.validUntil != null && Date.parse(quote.validUntil) <= now;
  const begin = async () => {
    setRefusal(undefined);
    const earlier = running?.sessions.edges.map(({ node }) => node.id) ?? [];
    try {
      const input = { connectorId, quoteId: quote?.id ?? null, idempotencyKey: newKey() };
      const result = (await start({ variables: { input } })).data?.startSession;
      if (result?.__typename === 'StartRefused') setRefusal(startRefusalText(result));
      else setRequested({ sinceMs: Date.now(), earlier });
    } catch (error) {
      setRefusal(errorSentence(error));
    }
  };

  if (requested) return <AwaitSession connectorId={connectorId} {...requested} />;
  if (asked.error) return <Failure error={asked.error} onRetry={renew} />;
  if (!quote) return <Skeleton rows={5} />;
  return (
    <div className="narrow">
      <Chosen location={data?.location} connectorId={connectorId} />
      <Card title="Price">
        <p className="quiet">{quote.tariffName}</p>
        <ul className="plain-list price-summary">
          {quote.summary.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
        {quote.schedule.length > 0 && <PriceSchedule schedule={quote.schedule} />}
        {quote.validUntil && !isExpired && (
          <p className="quiet">This price is held for you until {formatTime(quote.validUntil, 'time')}.</p>
        )}
      </Card>
      {refusal && <Notice tone="warn">{refusal}</Notice>}
      {isExpired ? (
        <>
          <Notice tone="info">The price shown has expired. Ask for a new one to go on.</Notice>
          <Button look="primary" onClick={renew}>
            Show the price now
          </Button>
        </>
      ) : (
        <div className="form-actions">
          <Button look="primary" busy={isStarting ? 'Starting…' : undefined} onClick={() => void begin()}>
            Start at this price
          </Button>
          {mayReserve && !reserves && <Button onClick={() => setReserves(true)}>Reserve it</Button>}
          <ButtonLink to={`/start?location=${locationId}`}>Choose another connector</ButtonLink>
        </div>
      )}
      {mayReserve && reserves && !isExpired && (
        <ReserveForm connectorId={connectorId} quoteId={quote.id} onCancel={() => setReserves(false)} />
      )}
    </div>
  );
}

type ChosenLocation = StartLocationQuery['location'];

/** Free, with nobody plugged in: only that can be kept. */
function isFree(location: ChosenLocation | undefined, connectorId: string): boolean {
  return (location?.stations ?? []).some(
    ({ online, evses }) =>
      online &&
      evses.some(({ connectors }) =>
        connectors.some(({ id, status }) => id === connectorId && status === 'AVAILABLE'),
      ),
  );
}

function Chosen({ location, connectorId }: { location: ChosenLocation | undefined; connectorId: string }) {
  for (const station of location?.stations ?? []) {
    for (const { number, connectors } of station.evses) {
      const connector = connectors.find(({ id }) => id === connectorId);
      if (!connector) continue;
      return (
        <p className="lead">
          <strong>{station.name}</strong>, point {number} · {connectorStandardText(connector.standard)}, up to{' '}
          {formatPower(connectorPowerW(connector))} · {location?.name}
        </p>
      );
    }
  }
  return null;
}
