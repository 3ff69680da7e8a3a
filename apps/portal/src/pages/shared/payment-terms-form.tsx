import { useQuery } from '@apollo/client/react';
import { useState, type FormEvent } from 'react';
import { useApi } from '../../api/api-context.js';
import {
  PaymentTermsDocument,
  SetPaymentTermsDocument,
  type PaymentTermsQuery,
} from '../../api/documents/payment-terms.js';
import { useTask } from '../../api/use-task.js';
import { Button } from '../../ui/button.js';
import { Field, fieldOf } from '../../ui/field.js';
import { formatTime } from '../../ui/format.js';
import { Failure, Notice, Skeleton } from '../../ui/states.js';

type Terms = PaymentTermsQuery['paymentTerms'];
type Kind = Terms['kind'];

type Invoicing = Terms['invoicing'];

const KINDS: Readonly<Record<Kind, string>> = {
  PREPAID: 'Prepaid, from the wallet',
  ACCOUNT: 'On account, by invoice',
  CARD: 'By card',
};

const INVOICING: Readonly<Record<Invoicing, string>> = {
  PER_SESSION: 'One for each session',
  MONTHLY: 'One for the sessions of a month',
};

interface FormProps {
  /** Null: what counts for all with whom nothing else is agreed. */
  readonly accountId: string | null;
  readonly onDone: (said: string | undefined) => void;
  /** Left out: there is nothing to go back to. */
  readonly onCancel?: () => void;
}

/** How a person pays, or everybody with whom nothing is agreed: all of it is set at once. */
export function PaymentTermsForm({ accountId, onDone, onCancel }: FormProps) {
  const { data, error, refetch } = useQuery(PaymentTermsDocument, {
    variables: { accountId },
    fetchPolicy: 'network-only',
  });
  if (data)
    return (
      <TermsFields
        key={data.paymentTerms.updatedAt}
        terms={data.paymentTerms}
        accountId={accountId}
        onDone={(said) => {
          void refetch();
          onDone(said);
        }}
        {...(onCancel && { onCancel })}
      />
    );
  return error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton />;
}

function TermsFields({ terms, accountId, onDone, onCancel }: FormProps & { readonly terms: Terms }) {
  const { client } = useApi();
  const task = useTask();
  const [kind, setKind] = useState<Kind>(terms.kind);
  const [currency, setCurrency] = useState(terms.currency);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const amount = (name: string, held: string) => (form.has(name) ? fieldOf(form, name) : held);
    const limit = amount('creditLimit', terms.creditLimit?.amount ?? '');
    task.run(async () => {
      await client.mutate({
        mutation: SetPaymentTermsDocument,
        variables: {
          input: {
            accountId,
            kind,
            currency,
            floor: amount('floor', terms.floor.amount),
            minimumToStart: amount('minimumToStart', terms.minimumToStart.amount),
            creditLimit: limit === '' ? null : limit,
            daysToPay: Number(fieldOf(form, 'daysToPay')),
            blocked: form.has('blocked'),
            invoicing: kind === 'ACCOUNT' ? (fieldOf(form, 'invoicing') as Invoicing) : 'PER_SESSION',
            reason: fieldOf(form, 'reason'),
          },
        },
      });
      onDone(`Payment: ${KINDS[kind]}.`);
      return undefined;
    });
  };

  const money = { type: 'number', step: 'any', required: true } as const;
  return (
    <form className="stack" onSubmit={submit}>
      {task.problem && <Notice tone="bad">{task.problem}</Notice>}
      {accountId !== null && !terms.own && (
        <p className="quiet">Nothing was agreed with them: this is what counts for all.</p>
      )}
      {accountId === null && (
        <Field
          label="Currency"
          name="currency"
          maxLength={3}
          value={currency}
          onChange={(event) => setCurrency(event.target.value.toUpperCase())}
          required
        />
      )}
      <label className="field">
        <span>How they pay</span>
        <select value={kind} onChange={(event) => setKind(event.target.value as Kind)}>
          {Object.entries(KINDS).map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      </label>
      {kind === 'PREPAID' && (
        <>
          <Field
            label={`Floor in ${currency}`}
            name="floor"
            hint="Charging stops when the wallet would fall below it. Below zero: so much may be owed."
            defaultValue={terms.floor.amount}
            {...money}
          />
          <Field
            label={`Least to start in ${currency}`}
            name="minimumToStart"
            min={0}
            defaultValue={terms.minimumToStart.amount}
            {...money}
          />
        </>
      )}
      {kind === 'ACCOUNT' && (
        <>
          <label className="field">
            <span>Invoices</span>
            <select name="invoicing" defaultValue={terms.invoicing}>
              {Object.entries(INVOICING).map(([value, text]) => (
                <option key={value} value={value}>
                  {text}
                </option>
              ))}
            </select>
          </label>
          <Field
            label={`Credit limit in ${currency}`}
            name="creditLimit"
            hint="Empty: no limit."
            type="number"
            step="any"
            min={0}
            defaultValue={terms.creditLimit?.amount ?? ''}
          />
        </>
      )}
      <Field
        label="Days to pay"
        name="daysToPay"
        type="number"
        min={0}
        max={180}
        defaultValue={terms.daysToPay}
        required
      />
      <label className="check">
        <input type="checkbox" name="blocked" defaultChecked={terms.blocked} />
        <span>Starts nothing, whatever is left</span>
      </label>
      <Field label="Why" name="reason" hint="Kept with the change." maxLength={500} required />
      {terms.changes.length > 0 && (
        <details>
          <summary>What was agreed before</summary>
          <ul>
            {terms.changes.map(({ changedAt, reason, kind: agreed }) => (
              <li key={changedAt}>
                {formatTime(changedAt, 'date-time')}: {KINDS[agreed]} ({reason})
              </li>
            ))}
          </ul>
        </details>
      )}
      <div className="form-actions">
        <Button type="submit" look="primary" busy={task.isBusy ? 'Saving…' : undefined}>
          Save
        </Button>
        {onCancel && <Button onClick={onCancel}>Cancel</Button>}
      </div>
    </form>
  );
}
