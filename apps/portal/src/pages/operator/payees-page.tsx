import { useState } from 'react';
import { Link } from 'react-router';
import { mayAct } from '../../api/account-rights.js';
import { useAccount } from '../../api/api-context.js';
import { PayeesDocument } from '../../api/documents/payees.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { Button } from '../../ui/button.js';
import { formatMoney } from '../../ui/format.js';
import { Card, Page } from '../../ui/page.js';
import { PagedList } from '../../ui/paged-list.js';
import { useCursorPages } from '../../ui/pagination.js';
import { Empty } from '../../ui/states.js';
import { agreedText, monthsText } from '../../words/payee-words.js';
import { PayeeForm } from './payee-form.js';
import { OperatorSessionTabs } from './session-tabs.js';

const PAGE_SIZE = 10;

/** Who gets a part of what is earned where. */
export function PayeesPage() {
  const { role } = useAccount();
  const pages = useCursorPages();
  const [isAdding, setAdding] = useState(false);
  const query = useLiveQuery(PayeesDocument, {
    variables: { first: PAGE_SIZE, after: pages.after },
    fallbackPollMs: 0,
  });
  return (
    <Page
      title="Payees"
      lead="Owners of locations get what was agreed, by a statement for each month."
      actions={
        mayAct(role) && !isAdding ? (
          <Button look="primary" onClick={() => setAdding(true)}>
            Add a payee…
          </Button>
        ) : undefined
      }
    >
      <OperatorSessionTabs />
      {isAdding && (
        <Card title="New payee">
          <PayeeForm
            onDone={(isSaved) => {
              setAdding(false);
              if (isSaved) query.refetch();
            }}
          />
        </Card>
      )}
      <PagedList
        query={query}
        list={query.data?.payees}
        pages={pages}
        size={PAGE_SIZE}
        of="payees"
        label="Payees"
        empty={
          <Empty icon="receipt" title="No payee yet">
            Add one, then agree what it gets at which location.
          </Empty>
        }
      >
        {({ id, name, currency, nextMonth, terms, draft }) => (
          <li className="row" key={id}>
            <div className="row-main stack">
              <Link to={`/payees/${id}`} className="row-title">
                {name}
              </Link>
              {terms.map((term) => (
                <p key={term.id}>
                  {agreedText(term, currency)}, {monthsText(term)}
                </p>
              ))}
              {terms.length === 0 && <p>Nothing is agreed.</p>}
            </div>
            <p>
              {draft ? formatMoney(draft.due) : 'Nothing'}{' '}
              <span className="quiet">so far for {nextMonth}</span>
            </p>
          </li>
        )}
      </PagedList>
    </Page>
  );
}
