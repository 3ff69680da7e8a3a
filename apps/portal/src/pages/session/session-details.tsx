import { Link } from 'react-router';
import { Badge } from '../../ui/badge.js';
import { Facts } from '../../ui/figures.js';
import { formatTime } from '../../ui/format.js';
import { Card } from '../../ui/page.js';
import { ANOMALY_TEXTS } from '../../words/alert-words.js';
import {
  connectorStandardText,
  sentenceCase,
  startMethodText,
  tokenText,
} from '../../words/session-words.js';
import type { ShownSession } from './session-page.js';

/** Everything else that is known about a session; more of it for operators. */
export function SessionDetails({ session, operator }: { session: ShownSession; operator: boolean }) {
  const { station, location, connector, token, driver } = session;
  const address = [location.address, location.city].filter(Boolean).join(', ');
  return (
    <>
      {session.anomalies && session.anomalies.length > 0 && (
        <Card title="Anomalies">
          <ol className="timeline">
            {session.anomalies.map((anomaly) => (
              <li key={anomaly.id} data-tone={anomaly.resolvedAt ? 'quiet' : 'warn'}>
                <strong>{ANOMALY_TEXTS[anomaly.kind]}</strong>
                <p>{anomaly.explanation}</p>
                <p className="quiet">
                  {formatTime(anomaly.onset, 'time')} · {anomaly.resolvedAt ? 'resolved' : 'open'}
                </p>
              </li>
            ))}
          </ol>
        </Card>
      )}
      <Card title="Details">
        <Facts
          rows={[
            ['Location', `${location.name}${address ? `, ${address}` : ''}`],
            [
              'Station',
              operator ? <Link to={`/stations/${station.id}`}>{station.identity}</Link> : station.identity,
            ],
            ['Connection', station.online ? null : <Badge tone="bad">Offline</Badge>],
            [
              'Connector',
              connector && `${connectorStandardText(connector.standard)}, up to ${connector.maxCurrentA} A`,
            ],
            [
              'Started',
              `${formatTime(session.startedAt, 'date-time')}, ${startMethodText(session.startMethod)}`,
            ],
            ['Ended', session.endedAt && formatTime(session.endedAt, 'date-time')],
            ['Authorised by', token && tokenText(token)],
            ['Driver', driver && `${driver.displayName} (${driver.email})`],
            ['Protocol', session.protocol],
            ['Transaction', session.transactionId && <code>{session.transactionId}</code>],
            ['Meter doubts', session.meterDeviations?.map(sentenceCase).join(', ')],
          ]}
        />
      </Card>
    </>
  );
}
