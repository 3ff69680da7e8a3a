import { useState } from 'react';
import { mayAct } from '../../api/account-rights.js';
import { useAccount, useApi } from '../../api/api-context.js';
import { EndPayeeTermDocument } from '../../api/documents/payees.js';
import type { NamedLocation } from '../../api/use-locations.js';
import { useTask } from '../../api/use-task.js';
import { Button } from '../../ui/button.js';
import { Field, fieldOf } from '../../ui/field.js';
import { TaskForm } from '../../ui/task-form.js';
import { agreedText, endsBetween, monthsText } from '../../words/payee-words.js';
import { PayeeTermForm, type ShownPayee, type Term } from './payee-term-form.js';

interface PayeeTermRowProps {
  readonly payee: ShownPayee;
  readonly term: Term;
  readonly locations: readonly NamedLocation[] | undefined;
  readonly onChanged: () => void;
}

/** One agreement, ended or changed for the months that are not stated yet. */
export function PayeeTermRow({ payee, term, locations, onChanged }: PayeeTermRowProps) {
  const { role } = useAccount();
  const [asks, setAsks] = useState<'end' | 'change'>();
  const place = locations?.find(({ id }) => id === term.locationId);
  const ends = endsBetween(term, payee.nextMonth);
  const text = agreedText(term, payee.currency);
  const done = (isSaved: boolean) => {
    setAsks(undefined);
    if (isSaved) onChanged();
  };
  return (
    <li className="row" data-term={term.id}>
      <div className="row-main">
        <p className="row-title">
          {text}, {monthsText(term)}
        </p>
        <p>{place ? `${place.name}, ${place.city}` : <code>{term.locationId}</code>}</p>
        <p className="quiet">{term.reason}</p>
      </div>
      {asks === 'end' && ends && <EndForm term={term} ends={ends} onDone={done} />}
      {asks === 'change' && <PayeeTermForm payee={payee} locations={locations} before={term} onDone={done} />}
      {!asks && ends && mayAct(role) && (
        <div className="row-actions">
          <Button onClick={() => setAsks('change')}>
            Change…<span className="visually-hidden"> {text}</span>
          </Button>
          <Button onClick={() => setAsks('end')}>
            End…<span className="visually-hidden"> {text}</span>
          </Button>
        </div>
      )}
    </li>
  );
}

interface EndFormProps {
  readonly term: Term;
  readonly ends: NonNullable<ReturnType<typeof endsBetween>>;
  readonly onDone: (isSaved: boolean) => void;
}

function EndForm({ term, ends, onDone }: EndFormProps) {
  const { client } = useApi();
  const task = useTask();
  const submit = (form: FormData) =>
    task.run(async () => {
      const input = {
        termId: term.id,
        lastMonth: fieldOf(form, 'lastMonth'),
        reason: fieldOf(form, 'reason'),
      };
      await client.mutate({ mutation: EndPayeeTermDocument, variables: { input } });
      onDone(true);
      return undefined;
    });
  return (
    <TaskForm
      task={task}
      onSubmit={submit}
      onCancel={() => onDone(false)}
      confirm="End it"
      busy="Ending…"
      look="danger"
    >
      <Field
        label="Last month"
        name="lastMonth"
        type="month"
        defaultValue={ends.first}
        min={ends.first}
        max={ends.last}
        hint={ends.first < term.firstMonth ? 'The month before it begins: it never counts.' : undefined}
        required
      />
      <Field label="Why" name="reason" maxLength={500} required />
    </TaskForm>
  );
}
