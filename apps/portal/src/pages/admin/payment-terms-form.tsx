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
import { Failure, Notice, Skeleton } from '../../ui/states.js';

type Terms = PaymentTermsQuery['paymentTerms'];
type Kind = Terms['kind'];

const KINDS: Readonly<Record<Kind, string>> = {
  PREPAID: 'Prepaid, from the wallet',
  ACCOUNT: 'On account, by invoice',
  CARD: 'By card',
};

interface FormProps {
  readonly accountId: string;
  readonly onDone: (said: string | undefined) => void;
}

/** How a person pays: all of it is set at once. */
export function PaymentTermsForm({ accountId, onDone }: FormProps) {
  const { data, error, refetch } = useQuery(PaymentTermsDocument, {
    variables: { accountId },
    fetchPolicy: 'network-only',
  });
  if (data) return <TermsFields terms={data.paymentTerms} accountId={accountId} onDone={onDone} />;
  return error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton />;
}

function TermsFields({ terms, accountId, onDone }: FormProps & { readonly terms: Terms }) {
  const { client } = useApi();
  const task = useTask();
  const [kind, setKind] = useState<Kind>(terms.kind);
  const { currency } = terms;

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
      {!terms.own && <p className="quiet">Nothing was agreed with them: this is what counts for all.</p>}
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
        <Field
          label={`Credit limit in ${currency}`}
          name="creditLimit"
          hint="Empty: no limit."
          type="number"
          step="any"
          min={0}
          defaultValue={terms.creditLimit?.amount ?? ''}
        />
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
      <div className="form-actions">
        <Button type="submit" look="primary" busy={task.isBusy ? 'Saving…' : undefined}>
          Save
        </Button>
        <Button onClick={() => onDone(undefined)}>Cancel</Button>
      </div>
    </form>
  );
}
