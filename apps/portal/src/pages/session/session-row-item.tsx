import { Link } from 'react-router';
import type { SessionRow } from '../../api/documents/session-rows.js';
import { Badge } from '../../ui/badge.js';
import { formatDuration, formatEnergy, formatMoney, formatPower, formatTime } from '../../ui/format.js';
import { sessionWord } from '../../words/session-words.js';

interface SessionRowItemProps {
  readonly session: SessionRow;
  /** Who charges, for operators. */
  readonly driver?: string | undefined;
}

/** One session in a list: the whole row leads to it. */
export function SessionRowItem({ session, driver }: SessionRowItemProps) {
  const { station, location, startedAt, endedAt, state } = session;
  const word = sessionWord(session);
  const isActive = state === 'ACTIVE';
  const seconds = endedAt ? (Date.parse(endedAt) - Date.parse(startedAt)) / 1000 : undefined;
  return (
    <li className="row session-row" data-session={session.id}>
      <div className="row-main">
        <Link to={`/sessions/${session.id}`} className="row-title row-link">
          {station.name}
        </Link>
        <p className="quiet">
          {[driver, location.name, location.city].filter(Boolean).join(' · ')} ·{' '}
          {formatTime(startedAt, 'date-time')}
        </p>
      </div>
      <dl className="row-figures">
        {isActive ? (
          <div>
            <dt>Power</dt>
            <dd>{formatPower(session.livePowerW)}</dd>
          </div>
        ) : (
          <div>
            <dt>Duration</dt>
            <dd>{seconds === undefined ? '–' : formatDuration(seconds)}</dd>
          </div>
        )}
        <div>
          <dt>Energy</dt>
          <dd>{formatEnergy(session.energyWh)}</dd>
        </div>
        <div>
          <dt>{session.cost?.final ? 'Cost' : 'Cost so far'}</dt>
          <dd>{session.cost ? formatMoney(session.cost.totalInclVat) : '–'}</dd>
        </div>
      </dl>
      {isActive && (
        <Badge tone={word.tone} pulsing={session.chargingState === 'CHARGING'}>
          {word.text}
        </Badge>
      )}
    </li>
  );
}
