import { Link } from 'react-router';
import type { ConnectionAttemptParts } from '../../api/documents/connections.js';
import { Badge } from '../../ui/badge.js';
import { Facts, Time } from '../../ui/figures.js';
import { formatAgo, formatTime } from '../../ui/format.js';
import { useNow } from '../../ui/use-now.js';
import { attemptFacts, attemptWord } from '../../words/wire-words.js';

interface ConnectionAttemptRowProps {
  readonly attempt: ConnectionAttemptParts;
  /** On the page of the station itself nobody needs the way to it. */
  readonly linked?: boolean;
}

/** One time that a charger came to the door: what became of it, what to do, and what it showed of itself. */
export function ConnectionAttemptRow({ attempt, linked = true }: ConnectionAttemptRowProps) {
  const now = useNow(15_000);
  const { at, times, identity, station, advice } = attempt;
  const { text, tone } = attemptWord(attempt);
  return (
    <li className="row" data-attempt={identity}>
      <div className="row-main">
        <p className="row-title">
          {identity || 'No identity'}
          {linked && station && (
            <>
              {' · '}
              <Link to={`/stations/${station.id}`}>{station.name}</Link>
            </>
          )}
        </p>
        {advice && <p>{advice}</p>}
        <p className="quiet">
          <Time iso={at}>{formatAgo(at, now)}</Time>, {formatTime(at, 'time-seconds')}
          {times > 1 && ` · ${times} times within half a second`}
        </p>
        <details className="wire-details">
          <summary>
            What it showed<span className="visually-hidden"> of {identity || 'itself'}</span>
          </summary>
          <Facts rows={attemptFacts(attempt)} />
        </details>
      </div>
      <Badge tone={tone}>{text}</Badge>
    </li>
  );
}
