import { useState } from 'react';
import { Link } from 'react-router';
import { useApi } from '../../api/api-context.js';
import { ChargebackEvidenceDocument, ChargebacksDocument } from '../../api/documents/chargebacks.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { useTask } from '../../api/use-task.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { formatMoney, formatTime } from '../../ui/format.js';
import { Page } from '../../ui/page.js';
import { PagedList } from '../../ui/paged-list.js';
import { useCursorPages } from '../../ui/pagination.js';
import { saveFile, saveText } from '../../ui/save-file.js';
import { Empty, Notice } from '../../ui/states.js';
import { CHARGEBACK_STATES, chargebackReason, type Chargeback } from '../../words/chargeback-words.js';
import { isSome } from '../../words/dunning-words.js';
import { OperatorSessionTabs } from './session-tabs.js';

const PAGE_SIZE = 20;

/** Card payments that banks take back, with what evidence is made of. It is handed in at the provider's own desk. */
export function ChargebacksPage() {
  const [undecided, setUndecided] = useState(true);
  const pages = useCursorPages();
  const query = useLiveQuery(ChargebacksDocument, {
    variables: { first: PAGE_SIZE, after: pages.after, undecided },
    pollMs: 60_000,
  });
  const show = pages.anew(setUndecided);
  return (
    <Page
      title="Chargebacks"
      lead="Card payments that banks take back. Hand evidence in at the payment provider; no letters are written until it is decided."
    >
      <OperatorSessionTabs />
      <div className="segments" role="group" aria-label="Which chargebacks">
        <button type="button" aria-pressed={undecided} onClick={() => show(true)}>
          Undecided
        </button>
        <button type="button" aria-pressed={!undecided} onClick={() => show(false)}>
          All
        </button>
      </div>
      <PagedList
        query={query}
        list={query.data?.chargebacks}
        pages={pages}
        size={PAGE_SIZE}
        of="chargebacks"
        label="Chargebacks"
        empty={
          <Empty icon="check" title={undecided ? 'Nothing undecided' : 'No chargebacks yet'}>
            When a cardholder has the bank take a payment back, you are told by an alert.
          </Empty>
        }
      >
        {(node) => <ChargebackItem key={node.id} one={node} />}
      </PagedList>
    </Page>
  );
}

function ChargebackItem({ one }: { one: Chargeback }) {
  const { client } = useApi();
  const task = useTask();
  const { invoice, session, account, evidenceDueAt, evidenceSent, closedAt } = one;
  const word = CHARGEBACK_STATES[one.state];
  const save = () =>
    task.run(async () => {
      const query = { query: ChargebackEvidenceDocument, variables: { id: one.id } };
      const { data } = await client.query({ ...query, fetchPolicy: 'no-cache' });
      const { invoice: billed, session: charged } = data?.chargeback ?? {};
      if (billed) saveFile(billed.pdf);
      if (charged?.cdr) {
        const text = JSON.stringify(charged.cdr, null, 2);
        saveText({ name: `${one.reference}-cdr.json`, mediaType: 'application/json', text });
      }
      const signed = charged?.signedReadings.transparencyXml;
      if (signed) saveText({ name: `${one.reference}-readings.xml`, mediaType: 'text/xml', text: signed });
      return undefined;
    });
  return (
    <li className="row">
      <div className="row-main stack">
        <p>
          <Badge tone={word.tone}>{word.text}</Badge>{' '}
          <strong>
            {formatMoney(one.amount)}, {one.reference}
          </strong>
        </p>
        <p>{chargebackReason(one.reason)}.</p>
        <p className="quiet">
          {[
            account.displayName,
            formatTime(one.openedAt, 'date-time'),
            closedAt === null && evidenceDueAt !== null && !evidenceSent
              ? `evidence until ${formatTime(evidenceDueAt, 'date-time')}`
              : '',
            evidenceSent ? 'evidence is there' : '',
            isSome(one.withdrawn) ? `${formatMoney(one.withdrawn)} taken` : '',
            isSome(one.fee) ? `fee ${formatMoney(one.fee)}` : '',
            isSome(one.claim) ? `${formatMoney(one.claim)} owed beside invoices` : '',
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
        <p className="form-actions">
          {invoice && <Link to={`/invoices/${invoice.id}`}>Invoice {invoice.number}</Link>}
          {session && <Link to={`/sessions/${session.id}`}>Session, its readings and price</Link>}
          {(invoice ?? session) && (
            <Button busy={task.isBusy ? 'Saving' : undefined} onClick={save}>
              Save what evidence is made of
            </Button>
          )}
        </p>
        {task.problem && <Notice tone="bad">{task.problem}</Notice>}
      </div>
    </li>
  );
}
