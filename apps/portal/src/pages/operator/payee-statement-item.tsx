import { useState, type FormEvent } from 'react';
import { mayAct } from '../../api/account-rights.js';
import { useAccount, useApi } from '../../api/api-context.js';
import {
  PayeeStatementPdfDocument,
  PayPayeeStatementDocument,
  type StatementParts,
} from '../../api/documents/payees.js';
import { newKey } from '../../api/idempotency-key.js';
import { useTask } from '../../api/use-task.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { Field, fieldOf } from '../../ui/field.js';
import { formatMoney, formatTime } from '../../ui/format.js';
import { LanguageChoice } from '../../ui/language-choice.js';
import { saveFile } from '../../ui/save-file.js';
import { Notice } from '../../ui/states.js';
import { ownLanguage } from '../../words/language-words.js';
import { carriedTexts, lineText } from '../../words/payee-words.js';

export function StatementLines({ statement, currency }: { statement: StatementParts; currency: string }) {
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

/** One month: what it says, its paper, and that it was paid. */
export function StatementItem({ statement, currency, onPaid }: StatementItemProps) {
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
              <Button type="submit" busy={task.isBusy ? 'One moment…' : undefined}>
                Mark as paid
              </Button>
            </div>
          </form>
        )}
        <div className="form-actions">
          <LanguageChoice label="Language of the PDF" language={language} onChange={setLanguage} />
          <Button onClick={save}>Save as PDF</Button>
        </div>
      </div>
      {state === 'PAID' && <Badge tone="good">Paid</Badge>}
      {isOpen && <Badge tone="warn">To be paid</Badge>}
    </li>
  );
}
