import { useState } from 'react';
import { Link } from 'react-router';
import {
  IncidentChangedDocument,
  IncidentsDocument,
  type IncidentParts,
} from '../../api/documents/incidents.js';
import { useLive, useLiveQuery } from '../../api/use-live-query.js';
import { Badge } from '../../ui/badge.js';
import { Time } from '../../ui/figures.js';
import { formatAgo } from '../../ui/format.js';
import { Page } from '../../ui/page.js';
import { PagedList } from '../../ui/paged-list.js';
import { useCursorPages } from '../../ui/pagination.js';
import { Empty } from '../../ui/states.js';
import { useNow } from '../../ui/use-now.js';
import { aboutText, incidentWord, ruleText } from '../../words/incident-words.js';
import { OperatorAlertTabs } from './alert-tabs.js';

const PAGE_SIZE = 20;
const SEVERITIES = { LOW: 'All', MEDIUM: 'Medium and high', HIGH: 'High' } as const;
type AtLeast = keyof typeof SEVERITIES;

/** What the attempt monitor found, as it finds it. */
export function IncidentsPage() {
  const [openOnly, setOpenOnly] = useState(true);
  const [atLeast, setAtLeast] = useState<AtLeast>('LOW');
  const pages = useCursorPages();
  const query = useLiveQuery(IncidentsDocument, {
    variables: {
      first: PAGE_SIZE,
      after: pages.after,
      filter: { status: openOnly ? 'OPEN' : null, atLeast },
    },
    pollMs: 60_000,
  });
  // A change may put one on the list, or take it off.
  useLive(IncidentChangedDocument, {}, { onData: query.refetch });
  const show = pages.anew(setOpenOnly);
  return (
    <Page
      title="Attempts"
      lead="Somebody may be trying cards, codes, contracts or stations that are not theirs."
    >
      <OperatorAlertTabs />
      <div className="filters">
        <div className="segments" role="group" aria-label="Which incidents">
          <button type="button" aria-pressed={openOnly} onClick={() => show(true)}>
            Open
          </button>
          <button type="button" aria-pressed={!openOnly} onClick={() => show(false)}>
            All
          </button>
        </div>
        <label className="field">
          <span>How bad</span>
          <select
            value={atLeast}
            onChange={(event) => {
              setAtLeast(event.target.value as AtLeast);
              pages.reset();
            }}
          >
            {Object.entries(SEVERITIES).map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        </label>
        <Link to="/attempts/rules">What counts as an attempt</Link>
      </div>
      <PagedList
        query={query}
        list={query.data?.incidents}
        pages={pages}
        size={PAGE_SIZE}
        of="incidents"
        label="Incidents"
        rows={5}
        empty={
          <Empty icon="check" title={openOnly ? 'No open incidents' : 'No incidents yet'}>
            What the monitor notices appears here at once, with what to do about it.
          </Empty>
        }
      >
        {(node) => <IncidentRow key={node.id} incident={node} />}
      </PagedList>
    </Page>
  );
}

function IncidentRow({ incident }: { incident: IncidentParts }) {
  const now = useNow(30_000);
  const word = incidentWord(incident);
  const { id, rule, count, lastSeen, status, suggestedAction } = incident;
  return (
    <li className="row alert-row" data-incident={rule}>
      <Badge tone={word.tone}>{word.text}</Badge>
      <div className="row-main">
        <Link to={`/attempts/${id}`} className="row-title">
          {ruleText(rule)}
        </Link>
        <p>{aboutText(incident)}</p>
        {status === 'OPEN' && <p>{suggestedAction}</p>}
        <p className="quiet">
          {count === 1 ? 'seen once' : `seen ${count} times`} · last{' '}
          <Time iso={lastSeen}>{formatAgo(lastSeen, now)}</Time>
        </p>
      </div>
    </li>
  );
}
