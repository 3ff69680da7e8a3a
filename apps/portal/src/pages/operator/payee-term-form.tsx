import { useState } from 'react';
import { useApi } from '../../api/api-context.js';
import { AgreePayeeTermDocument, EndPayeeTermDocument, type PayeeQuery } from '../../api/documents/payees.js';
import { newKey } from '../../api/idempotency-key.js';
import type { NamedLocation } from '../../api/use-locations.js';
import { useTask } from '../../api/use-task.js';
import { Field, fieldOf } from '../../ui/field.js';
import { LocationField } from '../../ui/location-field.js';
import { TaskForm } from '../../ui/task-form.js';
import { monthBeside, TERM_KINDS } from '../../words/payee-words.js';

export type ShownPayee = PayeeQuery['payee'];
export type Term = ShownPayee['terms'][number];

interface PayeeTermFormProps {
  readonly payee: ShownPayee;
  readonly locations: readonly NamedLocation[] | undefined;
  /** What it takes the place of: that ends the month before. */
  readonly before?: Term;
  readonly onDone: (isSaved: boolean) => void;
}

/** What a payee gets at a location: from a month on that was not stated, anew or instead of what was agreed. */
export function PayeeTermForm({ payee, locations, before, onDone }: PayeeTermFormProps) {
  const { client } = useApi();
  const task = useTask();
  // One for each form that is sent: sent again after a lost answer, nothing is agreed twice.
  const [idempotencyKey] = useState(newKey);
  const { id: payeeId, currency, nextMonth } = payee;
  const earliest = before && before.firstMonth > nextMonth ? before.firstMonth : nextMonth;
  const submit = (form: FormData) =>
    task.run(async () => {
      const [firstMonth, reason] = [fieldOf(form, 'firstMonth'), fieldOf(form, 'reason')];
      if (before) {
        const end = { termId: before.id, lastMonth: monthBeside(firstMonth, -1), reason };
        await client.mutate({ mutation: EndPayeeTermDocument, variables: { input: end } });
      }
      const input = {
        payeeId,
        locationId: before?.locationId ?? fieldOf(form, 'locationId'),
        kind: fieldOf(form, 'kind') as keyof typeof TERM_KINDS,
        value: fieldOf(form, 'value'),
        firstMonth,
        lastMonth: fieldOf(form, 'lastMonth') || null,
        reason,
        idempotencyKey,
      };
      await client.mutate({ mutation: AgreePayeeTermDocument, variables: { input } });
      onDone(true);
      return undefined;
    });
  return (
    <TaskForm
      task={task}
      onSubmit={submit}
      onCancel={() => onDone(false)}
      confirm={before ? 'Change' : 'Agree'}
      busy={before ? 'Changing…' : 'Agreeing…'}
    >
      {!before && <LocationField name="locationId" locations={locations} />}
      <label className="field">
        <span>What</span>
        <select name="kind" defaultValue={before?.kind}>
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
        defaultValue={before?.value}
        required
      />
      <Field
        label="First month"
        name="firstMonth"
        type="month"
        defaultValue={earliest}
        min={earliest}
        required
      />
      <Field
        label="Last month"
        name="lastMonth"
        type="month"
        defaultValue={before?.lastMonth ?? undefined}
        hint="Empty: until further notice."
      />
      <Field label="Why" name="reason" maxLength={500} required />
    </TaskForm>
  );
}
