import { Link } from 'react-router';
import { StartLocationDocument, type StartLocationQuery } from '../../api/documents/start.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { Badge } from '../../ui/badge.js';
import { LOCALE, formatNumber, formatPower } from '../../ui/format.js';
import { Icon } from '../../ui/icon.js';
import { Card } from '../../ui/page.js';
import { Empty, Loaded } from '../../ui/states.js';
import { connectorPowerW, connectorStandardText, currentTypeText } from '../../words/session-words.js';
import { CONNECTOR_WORDS, startObstacle } from '../../words/station-words.js';
import { useOpenReservations } from './my-reservations.js';

type StartStation = NonNullable<StartLocationQuery['location']>['stations'][number];
type StartConnector = StartStation['evses'][number]['connectors'][number];

export function StationChoice({ locationId }: { locationId: string }) {
  const query = useLiveQuery(StartLocationDocument, { variables: { id: locationId }, pollMs: 10_000 });
  const kept = new Set(useOpenReservations().flatMap(({ connector }) => connector?.id ?? []));
  return (
    <Loaded
      data={query.data?.location}
      error={query.error}
      isLoading={query.isLoading}
      onRetry={query.refetch}
    >
      {(location) => (
        <>
          <p className="lead">
            {location.name},{' '}
            {[location.address, location.postalCode, location.city].filter(Boolean).join(', ')}
          </p>
          {location.stations.length === 0 && (
            <Empty icon="station" title="No stations here yet">
              Choose another location.
            </Empty>
          )}
          <div className="columns">
            {location.stations.map((station) => (
              <StationCard key={station.id} station={station} locationId={locationId} kept={kept} />
            ))}
          </div>
        </>
      )}
    </Loaded>
  );
}

interface StationCardProps {
  readonly station: StartStation;
  readonly locationId: string;
  /** Connectors that are reserved for the driver. */
  readonly kept: ReadonlySet<string>;
}

function StationCard({ station, locationId, kept }: StationCardProps) {
  const rating = station.ratingSummary;
  return (
    <Card
      title={station.name}
      actions={
        rating && rating.count > 0 ? (
          <span className="rating-short">
            <Icon name="star" filled />
            {formatNumber(rating.average, LOCALE, { minimumFractionDigits: 1, maximumFractionDigits: 1 })}
            <span className="visually-hidden"> of 5 stars,</span>
            <span className="quiet"> ({rating.count})</span>
          </span>
        ) : undefined
      }
    >
      {!station.online && <p className="quiet">This station is offline. You may still charge with a card.</p>}
      <ul className="rows">
        {station.evses.flatMap(({ id, number, connectors }) =>
          connectors.map((connector) => (
            <ConnectorRow
              key={`${id}-${connector.id}`}
              point={number}
              station={station}
              connector={connector}
              locationId={locationId}
              isKept={kept.has(connector.id)}
            />
          )),
        )}
      </ul>
    </Card>
  );
}

interface ConnectorRowProps {
  readonly point: number;
  readonly station: StartStation;
  readonly connector: StartConnector;
  readonly locationId: string;
  /** Reserved for the driver. */
  readonly isKept: boolean;
}

function ConnectorRow({ point, station, connector, locationId, isKept }: ConnectorRowProps) {
  const obstacle = startObstacle(station.online, connector.status, isKept);
  const word = CONNECTOR_WORDS[connector.status];
  const name = `Point ${point} · ${connectorStandardText(connector.standard)}`;
  const isPlugged = connector.status === 'PREPARING';
  return (
    <li className="row" data-disabled={obstacle !== undefined || undefined}>
      <div className="row-main">
        {obstacle === undefined ? (
          <Link to={`/start?location=${locationId}&connector=${connector.id}`} className="row-title row-link">
            {name}
          </Link>
        ) : (
          <span className="row-title">{name}</span>
        )}
        <p className="quiet">
          {currentTypeText(connector.powerType)}, up to {formatPower(connectorPowerW(connector))}
        </p>
      </div>
      <Badge tone={obstacle === undefined ? 'good' : station.online ? word.tone : 'quiet'}>
        {obstacle ?? (isKept ? 'Reserved for you' : isPlugged ? 'Car plugged in' : word.text)}
      </Badge>
    </li>
  );
}
