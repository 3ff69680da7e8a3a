import { Link } from 'react-router';
import { HeldSessionsDocument, type HeldSessionsQuery } from '../../api/documents/bills.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { formatTime } from '../../ui/format.js';
import { Page } from '../../ui/page.js';
import { PagedList } from '../../ui/paged-list.js';
import { useCursorPages } from '../../ui/pagination.js';
import { Empty } from '../../ui/states.js';
import { heldText } from '../../words/bill-words.js';
import { BillFacts } from './bill-facts.js';
import { HoldActions } from './hold-actions.js';
import { OperatorSessionTabs } from './session-tabs.js';

const PAGE_SIZE = 10;

/** Sessions whose bill waits for a person or for a tariff, the longest first. */
export function HeldBillsPage() {
  const pages = useCursorPages();
  const query = useLiveQuery(HeldSessionsDocument, {
    variables: { first: PAGE_SIZE, after: pages.after },
    pollMs: 30_000,
  });
  return (
    <Page
      title="Bills that wait"
      lead="Nothing is charged for a session while its energy is in doubt: decide what is."
    >
      <OperatorSessionTabs />
      <PagedList
        query={query}
        list={query.data?.heldSessions}
        pages={pages}
        size={PAGE_SIZE}
        of="bills"
        label="Bills that wait"
        rows={5}
        empty={
          <Empty icon="check" title="No bill waits">
            Sessions whose registers, power or signatures contradict each other appear here.
          </Empty>
        }
      >
        {(node) => <HeldItem key={node.session.id} held={node} onDecided={query.refetch} />}
      </PagedList>
    </Page>
  );
}

type Held = HeldSessionsQuery['heldSessions']['edges'][number]['node'];

function HeldItem({ held, onDecided }: { held: Held; onDecided: () => void }) {
  const { session, heldAt, reason } = held;
  return (
    <li className="row">
      <div className="row-main stack">
        <Link to={`/sessions/${session.id}`} className="row-title">
          {session.station.name}, {formatTime(session.startedAt, 'date-time')}
        </Link>
        <p>{heldText(held)}</p>
        <p className="quiet">waits since {formatTime(heldAt, 'date-time')}</p>
        {reason === 'ENERGY_DISPUTED' && <BillFacts evidence={held} />}
        <HoldActions sessionId={session.id} reason={reason} onDecided={onDecided} />
      </div>
    </li>
  );
}
