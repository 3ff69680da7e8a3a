import { useState, type FormEvent } from 'react';
import { useParams } from 'react-router';
import { mayAct } from '../../api/account-rights.js';
import { useAccount, useApi } from '../../api/api-context.js';
import {
  AgreePayeeTermDocument,
  PayeeDocument,
  PayeeStatementPdfDocument,
  PayPayeeStatementDocument,
  type StatementParts,
} from '../../api/documents/payees.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { newKey } from '../../api/idempotency-key.js';
import { useTask } from '../../api/use-task.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { Field, fieldOf } from '../../ui/field.js';
import { formatMoney, formatTime } from '../../ui/format.js';
import { LanguageOptions } from '../../ui/language-options.js';
import { Card, Page } from '../../ui/page.js';
import { PagedList } from '../../ui/paged-list.js';
import { useCursorPages } from '../../ui/pagination.js';
import { saveFile } from '../../ui/save-file.js';
import { Empty, Notice } from '../../ui/states.js';
import { ownLanguage } from '../../words/language-words.js';
import { agreedText, carriedTexts, lineText, monthsText, TERM_KINDS } from '../../words/payee-words.js';

const PAGE_SIZE = 12;

/** What was agreed with a payee, and what came of it month by month. */
export function PayeePage() {
  const { id = '' } = useParams();
  const { role } = useAccount();
  const pages = useCursorPages();
  const query = useLiveQuery(PayeeDocument, {
    variables: { id, first: PAGE_SIZE, after: pages.after },
    fallbackPollMs: 0,
  });
  const payee = query.data?.payee;
  return (
    <Page title={payee?.name ?? 'Payee'} back={{ to: '/payees', text: 'Payees' }}>
      {payee && (
        <Card title="Agreed">
          {payee.terms.length === 0 && <p>Nothing is agreed yet.</p>}
          <ul>
            {payee.terms.map((term) => (
              <li key={term.id}>
                {agreedText(term, payee.currency)}, {monthsText(term)}, at location{' '}
                <code>{term.locationId}</code>
                <p className="quiet">{term.reason}</p>
              </li>
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
      {payee && mayAct(role) && (
        <TermForm
          payeeId={id}
          currency={payee.currency}
          firstMonth={payee.nextMonth}
          onSaved={query.refetch}
        />
      )}
    </Page>
  );
}

function StatementLines({ statement, currency }: { statement: StatementParts; currency: string }) {
  return (
    <>
      {statement.lines.map((line) => (
        <p key={lineText(line, currency)}>{lineText(line, currency)}</p>
      ))}
      {carriedTexts(statement).map((text) => (
        <p key={text}>{text}</p>
      ))}
      <p>
        <strong>{formatMoney(statement.due)}</strong> <span className="quiet">to be paid, before taxes</span>
      </p>
    </>
  );
}

interface StatementItemProps {
  readonly statement: StatementParts;
  readonly currency: string;
  readonly onPaid: () => void;
}

function StatementItem({ statement, currency, onPaid }: StatementItemProps) {
  const { client } = useApi();
  const { role } = useAccount();
  const task = useTask();
  const [idempotencyKey] = useState(newKey);
  const [language, setLanguage] = useState(() => ownLanguage(navigator.languages));
  const { id, number, state, month, paidAt, paidReference, due } = statement;
  const isOpen = state === 'ISSUED' && Number(due.amount) > 0;
  const save = () =>
    task.run(async () => {
      const variables = { id: id ?? '', locale: language };
      const { data } = await client.query({
        query: PayeeStatementPdfDocument,
        variables,
        fetchPolicy: 'no-cache',
      });
      const pdf = data?.payeeStatement.pdf;
      if (pdf) saveFile(pdf);
      return undefined;
    });
  const pay = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const reference = fieldOf(new FormData(event.currentTarget), 'reference');
    task.run(async () => {
      const input = { statementId: id ?? '', reference, idempotencyKey };
      await client.mutate({ mutation: PayPayeeStatementDocument, variables: { input } });
      onPaid();
      return undefined;
    });
  };
  return (
    <li className="row">
      <div className="row-main stack">
        <p className="row-title">
          {month}, {number}
        </p>
        <StatementLines statement={statement} currency={currency} />
        {paidAt && (
          <p className="quiet">
            Paid {formatTime(paidAt, 'date-time')}, {paidReference}
          </p>
        )}
        {task.problem && <Notice tone="bad">{task.problem}</Notice>}
        {isOpen && mayAct(role) && (
          <form className="filter-form" onSubmit={pay}>
            <Field label="Reference of the transfer" name="reference" maxLength={140} required />
            <div className="form-actions">
              <Button type="submit">Mark as paid</Button>
            </div>
          </form>
        )}
        <div className="form-actions">
          <select
            aria-label="Language of the PDF"
            value={language}
            onChange={(event) => setLanguage(event.target.value)}
          >
            <LanguageOptions />
          </select>
          <Button onClick={save}>Save as PDF</Button>
        </div>
      </div>
      {state === 'PAID' && <Badge tone="good">Paid</Badge>}
      {isOpen && <Badge tone="warn">To be paid</Badge>}
    </li>
  );
}

interface TermFormProps {
  readonly payeeId: string;
  readonly currency: string;
  readonly firstMonth: string;
  readonly onSaved: () => void;
}

function TermForm({ payeeId, currency, firstMonth, onSaved }: TermFormProps) {
  const { client } = useApi();
  const task = useTask();
  const [idempotencyKey, setKey] = useState(newKey);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const target = event.currentTarget;
    const form = new FormData(target);
    task.run(async () => {
      const input = {
        payeeId,
        locationId: fieldOf(form, 'locationId').trim(),
        kind: fieldOf(form, 'kind') as keyof typeof TERM_KINDS,
        value: fieldOf(form, 'value'),
        firstMonth: fieldOf(form, 'firstMonth'),
        lastMonth: fieldOf(form, 'lastMonth') || null,
        reason: fieldOf(form, 'reason'),
        idempotencyKey,
      };
      await client.mutate({ mutation: AgreePayeeTermDocument, variables: { input } });
      setKey(newKey());
      target.reset();
      onSaved();
      return undefined;
    });
  };
  return (
    <Card title="Agree something">
      <form className="stack" onSubmit={submit}>
        <Field label="Location (id)" name="locationId" spellCheck={false} required />
        <label className="field">
          <span>What</span>
          <select name="kind">
            {Object.entries(TERM_KINDS).map(([kind, text]) => (
              <option key={kind} value={kind}>
                {text}
              </option>
            ))}
          </select>
        </label>
        <Field
          label={`Per cent, or ${currency}`}
          name="value"
          inputMode="decimal"
          pattern="[0-9]+(\.[0-9]{1,6})?"
          title="A number with a decimal point"
          required
        />
        <Field
          label="First month"
          name="firstMonth"
          type="month"
          defaultValue={firstMonth}
          min={firstMonth}
          required
        />
        <Field label="Last month" name="lastMonth" type="month" hint="Empty: until further notice." />
        <Field label="Why" name="reason" maxLength={500} required />
        {task.problem && <Notice tone="bad">{task.problem}</Notice>}
        <div className="form-actions">
          <Button type="submit" look="primary">
            Agree
          </Button>
        </div>
      </form>
    </Card>
  );
}
