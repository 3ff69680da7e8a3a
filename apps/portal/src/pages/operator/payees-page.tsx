import { useState, type FormEvent } from 'react';
import { Link } from 'react-router';
import { mayAct } from '../../api/account-rights.js';
import { useAccount, useApi } from '../../api/api-context.js';
import { PayeesDocument, SetPayeeDocument } from '../../api/documents/payees.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { newKey } from '../../api/idempotency-key.js';
import { useTask } from '../../api/use-task.js';
import { Button } from '../../ui/button.js';
import { Field, fieldOf } from '../../ui/field.js';
import { formatMoney } from '../../ui/format.js';
import { Card, Page } from '../../ui/page.js';
import { PagedList } from '../../ui/paged-list.js';
import { useCursorPages } from '../../ui/pagination.js';
import { Empty, Notice } from '../../ui/states.js';
import { agreedText, monthsText } from '../../words/payee-words.js';
import { OperatorSessionTabs } from './session-tabs.js';

const PAGE_SIZE = 10;

/** Who gets a part of what is earned where. */
export function PayeesPage() {
  const { role } = useAccount();
  const pages = useCursorPages();
  const query = useLiveQuery(PayeesDocument, {
    variables: { first: PAGE_SIZE, after: pages.after },
    fallbackPollMs: 0,
  });
  return (
    <Page title="Payees" lead="Owners of locations get what was agreed, by a statement for each month.">
      <OperatorSessionTabs />
      <PagedList
        query={query}
        list={query.data?.payees}
        pages={pages}
        size={PAGE_SIZE}
        of="payees"
        label="Payees"
        empty={
          <Empty icon="receipt" title="No payee yet">
            Add one below, then agree what it gets at which location.
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
      {mayAct(role) && <PayeeForm onSaved={query.refetch} />}
    </Page>
  );
}

function PayeeForm({ onSaved }: { onSaved: () => void }) {
  const { client } = useApi();
  const task = useTask();
  // One for each form that is sent: sent again after a lost answer, nothing is added twice.
  const [idempotencyKey, setKey] = useState(newKey);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const target = event.currentTarget;
    const form = new FormData(target);
    task.run(async () => {
      const input = {
        name: fieldOf(form, 'name'),
        address: fieldOf(form, 'address'),
        vatId: fieldOf(form, 'vatId') || null,
        currency: fieldOf(form, 'currency').toUpperCase(),
        idempotencyKey,
      };
      await client.mutate({ mutation: SetPayeeDocument, variables: { input } });
      setKey(newKey());
      target.reset();
      onSaved();
      return undefined;
    });
  };
  return (
    <Card title="Add a payee">
      <form className="stack" onSubmit={submit}>
        <Field label="Name" name="name" maxLength={100} required />
        <Field label="Address" name="address" maxLength={300} required />
        <Field label="VAT id" name="vatId" maxLength={30} hint="Where there is one." />
        <Field
          label="Currency"
          name="currency"
          defaultValue="EUR"
          maxLength={3}
          required
          hint="Sessions billed in another currency are not stated."
        />
        {task.problem && <Notice tone="bad">{task.problem}</Notice>}
        <div className="form-actions">
          <Button type="submit" look="primary">
            Add
          </Button>
        </div>
      </form>
    </Card>
  );
}
