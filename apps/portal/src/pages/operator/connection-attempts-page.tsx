import { useState } from 'react';
import { ConnectionAttemptsDocument } from '../../api/documents/connections.js';
import type { ConnectionAttemptFilter } from '../../api/documents/inputs.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { Page } from '../../ui/page.js';
import { PagedList } from '../../ui/paged-list.js';
import { useCursorPages } from '../../ui/pagination.js';
import { SearchField } from '../../ui/search-field.js';
import { Empty } from '../../ui/states.js';
import { useSettled } from '../../ui/use-settled.js';
import { ConnectionAttemptRow } from './connection-attempt-row.js';
import { StationsTabs } from './stations-tabs.js';

const PAGE_SIZE = 20;
type Outcome = NonNullable<ConnectionAttemptFilter['outcome']>;

/** Why a charger does not connect: everybody who came to the door, known or not. */
export function ConnectionAttemptsPage() {
  const [identity, setIdentity] = useState('');
  const [outcome, setOutcome] = useState<Outcome | ''>('REFUSED');
  const pages = useCursorPages();
  const settled = useSettled(identity.trim(), 300);
  const query = useLiveQuery(ConnectionAttemptsDocument, {
    variables: {
      first: PAGE_SIZE,
      after: pages.after,
      filter: { identity: settled || null, outcome: outcome || null },
    },
    pollMs: 5_000,
  });
  return (
    <Page
      title="Connecting"
      lead="Chargers that came to the door, with what they asked for. One that is missing here has not reached Kilowatch: look at its network and its address."
    >
      <StationsTabs />
      <form className="filters" role="search" onSubmit={(event) => event.preventDefault()}>
        <SearchField label="Identity of a charger" value={identity} onChange={pages.anew(setIdentity)} />
        <label className="field">
          <span>Outcome</span>
          <select
            value={outcome}
            onChange={(event) => pages.anew(setOutcome)(event.target.value as Outcome | '')}
          >
            <option value="REFUSED">Refused</option>
            <option value="ACCEPTED">Let in</option>
            <option value="">Any</option>
          </select>
        </label>
      </form>
      <PagedList
        query={query}
        list={query.data?.connectionAttempts}
        pages={pages}
        size={PAGE_SIZE}
        of="attempts"
        label="Attempts to connect"
        empty={
          <Empty icon="check" title={settled ? 'No such charger came' : 'Nobody was refused'}>
            Attempts appear here within seconds, with the reason and what to do about it.
          </Empty>
        }
      >
        {(node) => <ConnectionAttemptRow key={node.id} attempt={node} />}
      </PagedList>
    </Page>
  );
}
