import { Link, useParams } from 'react-router';
import { mayAct } from '../../api/account-rights.js';
import { useAccount } from '../../api/api-context.js';
import {
  StationPageDocument,
  StationUpdatedDocument,
  type StationParts,
} from '../../api/documents/stations.js';
import { useLive, useLiveQuery } from '../../api/use-live-query.js';
import { Facts } from '../../ui/figures.js';
import { LOCALE, formatNumber, formatTime } from '../../ui/format.js';
import { Card } from '../../ui/page.js';
import { Empty, Loaded, Skeleton } from '../../ui/states.js';
import { ANOMALY_TEXTS } from '../../words/alert-words.js';
import { SessionRowItem } from '../session/session-row-item.js';
import { ConnectorList } from './connector-list.js';
import { StationCommands } from './station-commands.js';
import { StationFrame } from './station-frame.js';
import { useStationCommands } from './use-station-commands.js';

export function StationPage() {
  const { id = '' } = useParams();
  const query = useLiveQuery(StationPageDocument, { variables: { id }, pollMs: 15_000 });
  const station = query.data?.station;
  useLive(StationUpdatedDocument, { id }, { skip: station == null });
  return (
    <StationFrame id={id} station={station}>
      <Loaded
        data={station}
        error={query.error}
        isLoading={query.isLoading}
        onRetry={query.refetch}
        skeleton={<Skeleton rows={5} tall />}
      >
        {(shown) => <StationView station={shown} onChanged={query.refetch} />}
      </Loaded>
    </StationFrame>
  );
}

function StationView({ station, onChanged }: { station: StationParts; onChanged: () => void }) {
  const port = useStationCommands(station.id, onChanged);
  const commands = mayAct(useAccount().role) ? port : undefined;
  return (
    <div className="session-grid">
      <div className="session-main">
        {commands && <StationCommands station={station} commands={commands} />}
        <ConnectorList station={station} commands={commands} />
        <Card title="Active sessions">
          {station.activeSessions.length === 0 ? (
            <Empty icon="pulse" title="Nobody is charging here" />
          ) : (
            <ul className="rows">
              {station.activeSessions.map((session) => (
                <SessionRowItem key={session.id} session={session} />
              ))}
            </ul>
          )}
        </Card>
      </div>
      <div className="session-side">
        <Anomalies station={station} />
        <Card title="Details">
          <Facts
            rows={[
              ['Rating', ratingText(station.ratingSummary)],
              ['Protocol', station.protocol],
              ['Maker', [station.vendor, station.model].filter(Boolean).join(' ')],
              ['Serial number', station.serialNumber],
              ['Firmware', station.firmwareVersion],
              ['Last boot', station.lastBootAt && formatTime(station.lastBootAt, 'date-time')],
              ['Last seen', station.lastSeenAt && formatTime(station.lastSeenAt, 'date-time')],
              ['Address', [station.location.address, station.location.city].filter(Boolean).join(', ')],
              ['Time zone', station.location.timeZone],
            ]}
          />
        </Card>
      </div>
    </div>
  );
}

function Anomalies({ station }: { station: StationParts }) {
  const open = station.openAnomalies ?? [];
  if (open.length === 0) return null;
  return (
    <Card title="Open anomalies">
      <ol className="timeline">
        {open.map(({ id, kind, onset, explanation, session }) => (
          <li key={id} data-tone="warn">
            <strong>{ANOMALY_TEXTS[kind]}</strong>
            <p>{explanation}</p>
            <p className="quiet">
              since {formatTime(onset, 'date-time')}
              {session && (
                <>
                  {' · '}
                  <Link to={`/sessions/${session.id}`}>Session</Link>
                </>
              )}
            </p>
          </li>
        ))}
      </ol>
    </Card>
  );
}

function ratingText(rating: StationParts['ratingSummary']): string {
  if (!rating || rating.count === 0) return 'None yet';
  const average = formatNumber(rating.average, LOCALE, {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  return `${average} of 5, from ${rating.count} ${rating.count === 1 ? 'driver' : 'drivers'}`;
}
