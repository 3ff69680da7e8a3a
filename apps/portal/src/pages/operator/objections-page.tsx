import { useState } from 'react';
import { Link } from 'react-router';
import { DisputesDocument, type DisputesQuery } from '../../api/documents/bills.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { Badge } from '../../ui/badge.js';
import { formatMoney, formatTime } from '../../ui/format.js';
import { Page } from '../../ui/page.js';
import { PagedList } from '../../ui/paged-list.js';
import { useCursorPages } from '../../ui/pagination.js';
import { Empty } from '../../ui/states.js';
import { DISPUTE_REASONS, OPERATOR_DISPUTE_WORDS } from '../../words/bill-words.js';
import { BillFacts } from './bill-facts.js';
import { ObjectionActions } from './objection-actions.js';
import { OperatorSessionTabs } from './session-tabs.js';

const PAGE_SIZE = 10;

/** What drivers object to, with what the meter said, and the answer. */
export function ObjectionsPage() {
  const [openOnly, setOpenOnly] = useState(true);
  const pages = useCursorPages();
  const query = useLiveQuery(DisputesDocument, {
    variables: { first: PAGE_SIZE, after: pages.after, state: openOnly ? 'OPEN' : null },
    pollMs: 30_000,
  });
  const show = pages.anew(setOpenOnly);
  return (
    <Page title="Objections" lead="Until one is decided, nobody is charged for the invoice.">
      <OperatorSessionTabs />
      <div className="segments" role="group" aria-label="Which objections">
        <button type="button" aria-pressed={openOnly} onClick={() => show(true)}>
          Open
        </button>
        <button type="button" aria-pressed={!openOnly} onClick={() => show(false)}>
          All
        </button>
      </div>
      <PagedList
        query={query}
        list={query.data?.disputes}
        pages={pages}
        size={PAGE_SIZE}
        of="objections"
        label="Objections"
        rows={5}
        empty={
          <Empty icon="check" title={openOnly ? 'No open objections' : 'No objections yet'}>
            Drivers object to an invoice on its page; you are told by an alert.
          </Empty>
        }
      >
        {(node) => <ObjectionItem key={node.id} dispute={node} onDecided={query.refetch} />}
      </PagedList>
    </Page>
  );
}

type Dispute = DisputesQuery['disputes']['edges'][number]['node'];

function ObjectionItem({ dispute, onDecided }: { dispute: Dispute; onDecided: () => void }) {
  const { id, state, reason, text, openedAt, answer, decidedAt, decidedBy, invoice, session } = dispute;
  const word = OPERATOR_DISPUTE_WORDS[state];
  return (
    <li className="row">
      <div className="row-main stack">
        <p>
          <Badge tone={word.tone}>{word.text}</Badge>{' '}
          <Link to={`/invoices/${invoice.id}`} className="row-title">
            {invoice.number}, {formatMoney(invoice.totalInclVat)}
          </Link>
        </p>
        <p>
          <strong>{DISPUTE_REASONS[reason]}.</strong> {text}
        </p>
        <p className="quiet">
          {formatTime(openedAt, 'date-time')},{' '}
          <Link to={`/sessions/${session.id}`}>
            {session.station.name}, {formatTime(session.startedAt, 'date-time')}
          </Link>
        </p>
        {session.billedMeter && <BillFacts evidence={session.billedMeter} />}
        {state === 'OPEN' ? (
          <ObjectionActions disputeId={id} onDecided={onDecided} />
        ) : (
          <p>
            {answer}
            <span className="quiet">
              {' '}
              {decidedBy?.displayName} {decidedAt && formatTime(decidedAt, 'date-time')}
            </span>
          </p>
        )}
      </div>
    </li>
  );
}
