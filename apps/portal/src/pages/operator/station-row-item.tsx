import { Link } from 'react-router';
import { StationRowUpdatedDocument, type StationRow } from '../../api/documents/stations.js';
import { useLive } from '../../api/use-live-query.js';
import { Badge } from '../../ui/badge.js';
import { formatAgo } from '../../ui/format.js';
import { useNow } from '../../ui/use-now.js';
import { CONNECTOR_WORDS, connectorProblem, statusCounts } from '../../words/station-words.js';

/** One station in a list, kept fresh by its own events. */
export function StationRowItem({ station }: { station: StationRow }) {
  useLive(StationRowUpdatedDocument, { id: station.id });
  const now = useNow(30_000);
  const problems = station.evses
    .flatMap(({ connectors }) => connectors)
    .map(connectorProblem)
    .filter((problem) => problem !== undefined);
  return (
    <li className="row station-row" data-station={station.identity}>
      <div className="row-main">
        <Link to={`/stations/${station.id}`} className="row-title row-link">
          {station.name}
        </Link>
        <p className="quiet">
          {station.identity} · {[station.location.name, station.location.city].filter(Boolean).join(', ')}
        </p>
        {problems.length > 0 && <p className="row-problem">{problems.join('; ')}</p>}
      </div>
      <div className="badges">
        {statusCounts(station).map(({ status, count }) => (
          <Badge key={status} tone={station.online ? CONNECTOR_WORDS[status].tone : 'quiet'}>
            {count > 1 && `${count} × `}
            {CONNECTOR_WORDS[status].text}
          </Badge>
        ))}
      </div>
      <span className="online" data-online={station.online}>
        {station.online
          ? 'Online'
          : `Offline${station.lastSeenAt ? `, seen ${formatAgo(station.lastSeenAt, now)}` : ''}`}
      </span>
    </li>
  );
}
