import { useState } from 'react';
import { useParams } from 'react-router';
import { mayAct } from '../../api/account-rights.js';
import { useAccount } from '../../api/api-context.js';
import { PayeeDocument } from '../../api/documents/payees.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { useLocations } from '../../api/use-locations.js';
import { Button } from '../../ui/button.js';
import { Card, Page } from '../../ui/page.js';
import { PagedList } from '../../ui/paged-list.js';
import { useCursorPages } from '../../ui/pagination.js';
import { Empty } from '../../ui/states.js';
import { StatementItem, StatementLines } from './payee-statement-item.js';
import { PayeeTermForm } from './payee-term-form.js';
import { PayeeTermRow } from './payee-term-row.js';

const PAGE_SIZE = 12;

/** What was agreed with a payee, and what came of it month by month. */
export function PayeePage() {
  const { id = '' } = useParams();
  const { role } = useAccount();
  const pages = useCursorPages();
  const locations = useLocations();
  const [isAgreeing, setAgreeing] = useState(false);
  const query = useLiveQuery(PayeeDocument, {
    variables: { id, first: PAGE_SIZE, after: pages.after },
    fallbackPollMs: 0,
  });
  const payee = query.data?.payee;
  const done = (isSaved: boolean) => {
    setAgreeing(false);
    if (isSaved) query.refetch();
  };
  return (
    <Page
      title={payee?.name ?? 'Payee'}
      back={{ to: '/payees', text: 'Payees' }}
      actions={
        payee && mayAct(role) && !isAgreeing ? (
          <Button look="primary" onClick={() => setAgreeing(true)}>
            Agree something…
          </Button>
        ) : undefined
      }
    >
      {payee && isAgreeing && (
        <Card title="Agree something">
          <PayeeTermForm payee={payee} locations={locations} onDone={done} />
        </Card>
      )}
      {payee && (
        <Card title="Agreed">
          {payee.terms.length === 0 && <p>Nothing is agreed yet.</p>}
          <ul className="rows">
            {payee.terms.map((term) => (
              <PayeeTermRow
                key={term.id}
                payee={payee}
                term={term}
                locations={locations}
                onChanged={query.refetch}
              />
            ))}
          </ul>
        </Card>
      )}
      {payee?.draft && (
        <Card title={`${payee.nextMonth} so far`}>
          <StatementLines statement={payee.draft} currency={payee.currency} />
        </Card>
      )}
      <PagedList
        query={query}
        list={query.data?.payeeStatements}
        pages={pages}
        size={PAGE_SIZE}
        of="statements"
        label="Statements"
        empty={
          <Empty icon="receipt" title="No statement yet">
            One is made some hours after the end of each month in which something was billed.
          </Empty>
        }
      >
        {(statement) => (
          <StatementItem
            key={statement.id}
            statement={statement}
            currency={payee?.currency ?? ''}
            onPaid={query.refetch}
          />
        )}
      </PagedList>
    </Page>
  );
}
