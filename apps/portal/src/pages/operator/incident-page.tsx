import { Link, useParams } from 'react-router';
import {
  IncidentChangedDocument,
  IncidentPageDocument,
  type IncidentPageQuery,
} from '../../api/documents/incidents.js';
import { mayAct } from '../../api/account-rights.js';
import { useAccount } from '../../api/api-context.js';
import { useLive, useLiveQuery } from '../../api/use-live-query.js';
import { Badge } from '../../ui/badge.js';
import { Facts, Time } from '../../ui/figures.js';
import { formatTime } from '../../ui/format.js';
import { Card, Page } from '../../ui/page.js';
import { Loaded } from '../../ui/states.js';
import { incidentWord, ruleText, signText } from '../../words/incident-words.js';
import { IncidentActions } from './incident-actions.js';

type Incident = NonNullable<IncidentPageQuery['incident']>;

/** The first five and the latest fifteen (apps/auth: attempts.md). */
const KEPT_SIGNS = 20;
const BACK = { to: '/attempts', text: 'Attempts' };

/** One incident: what was seen, what to do, and closing it. */
export function IncidentPage() {
  const { id = '' } = useParams();
  const query = useLiveQuery(IncidentPageDocument, { variables: { id }, pollMs: 60_000 });
  useLive(
    IncidentChangedDocument,
    {},
    { onData: ({ incidentChanged }) => incidentChanged?.id === id && query.refetch() },
  );
  const incident = query.data?.incident;
  return (
    <Page title={incident ? ruleText(incident.rule) : 'Attempt'} back={BACK}>
      <Loaded data={incident} error={query.error} isLoading={query.isLoading} onRetry={query.refetch}>
        {(found) => <Shown incident={found} onChanged={query.refetch} />}
      </Loaded>
    </Page>
  );
}

function Shown({ incident, onChanged }: { incident: Incident; onChanged: () => void }) {
  const { role } = useAccount();
  const word = incidentWord(incident);
  const { status, station, evidence, closedBy, closedAt, closesAt, closeNote } = incident;
  const isOpen = status === 'OPEN';
  return (
    <div className="columns">
      <Card title="What it is" actions={<Badge tone={word.tone}>{word.text}</Badge>}>
        {isOpen && <p>{incident.suggestedAction}</p>}
        <Facts
          rows={[
            ['Seen', incident.count === 1 ? 'once' : `${incident.count} times`],
            ['First', formatTime(incident.firstSeen, 'date-time')],
            ['Last', formatTime(incident.lastSeen, 'date-time')],
            ['Station', station && <Link to={`/stations/${station.id}`}>{station.name}</Link>],
            ['Card', incident.tokenMasked],
            ['Claims to be', incident.identity],
            ['From', incident.address],
            ['Took the place of one from', incident.replacedAddress],
            ['Watched', incident.watchesToken ? 'The card is watched because of it' : null],
            ['Closes by itself', isOpen && closesAt ? formatTime(closesAt, 'date-time') : null],
            ['Closed', closedAt && formatTime(closedAt, 'date-time')],
            ['Closed by', closedBy?.displayName],
            ['Why', closeNote],
          ]}
        />
        {mayAct(role) && <IncidentActions incident={incident} onChanged={onChanged} />}
      </Card>
      <Card title="What was seen">
        <ol className="rows" aria-label="What was seen">
          {evidence.map((sign) => (
            <li key={sign.id} className="row">
              <div className="row-main">
                <p>{signText(sign)}</p>
                <p className="quiet">
                  <Time iso={sign.at}>{formatTime(sign.at, 'date-time')}</Time>
                </p>
              </div>
            </li>
          ))}
        </ol>
        {evidence.length >= KEPT_SIGNS && (
          <p className="quiet">The first five and the latest fifteen of {incident.count} are kept.</p>
        )}
      </Card>
    </div>
  );
}
