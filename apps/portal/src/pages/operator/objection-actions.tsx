import { useState } from 'react';
import { mayAct } from '../../api/account-rights.js';
import { useAccount, useApi } from '../../api/api-context.js';
import { DecideDisputeDocument } from '../../api/documents/bills.js';
import { newKey } from '../../api/idempotency-key.js';
import { useTask } from '../../api/use-task.js';
import { Button } from '../../ui/button.js';
import { Field, fieldOf } from '../../ui/field.js';
import { TaskForm } from '../../ui/task-form.js';

const CORRECTIONS = {
  WAIVE: 'Credit all of it',
  AMOUNT: 'Reduce it to an amount',
  ENERGY: 'Bill another energy',
  AS_MEASURED: 'Bill it again as measured',
} as const;
type Correction = keyof typeof CORRECTIONS;

interface ObjectionActionsProps {
  readonly disputeId: string;
  readonly onDecided: () => void;
}

/** Accepts an objection with what is right instead, or rejects it; once, with an answer that the driver reads. */
export function ObjectionActions({ disputeId, onDecided }: ObjectionActionsProps) {
  const { client } = useApi();
  const { role } = useAccount();
  const task = useTask();
  const [asked, setAsked] = useState<{ decision: 'ACCEPT' | 'REJECT'; key: string }>();
  const [correction, setCorrection] = useState<Correction>('WAIVE');
  if (!mayAct(role)) return null;
  const ask = (decision: 'ACCEPT' | 'REJECT') => setAsked({ decision, key: newKey() });
  if (!asked)
    return (
      <div className="form-actions">
        <Button look="primary" onClick={() => ask('ACCEPT')}>
          Accept…
        </Button>
        <Button onClick={() => ask('REJECT')}>Reject…</Button>
      </div>
    );
  const { decision, key } = asked;
  const accepts = decision === 'ACCEPT';
  const submit = (form: FormData) => {
    task.run(async () => {
      await client.mutate({
        mutation: DecideDisputeDocument,
        variables: {
          input: {
            disputeId,
            decision,
            correction: accepts ? correction : null,
            energyWh:
              accepts && correction === 'ENERGY' ? Math.round(Number(fieldOf(form, 'kwh')) * 1000) : null,
            totalInclVat: accepts && correction === 'AMOUNT' ? fieldOf(form, 'total') : null,
            answer: fieldOf(form, 'answer').trim(),
            idempotencyKey: key,
          },
        },
      });
      setAsked(undefined);
      onDecided();
      return undefined;
    });
  };
  return (
    <TaskForm
      task={task}
      onSubmit={submit}
      onCancel={() => setAsked(undefined)}
      confirm={accepts ? 'Take the invoice back' : 'Reject the objection'}
      busy="Deciding…"
    >
      {accepts && (
        <label className="field">
          <span>What is right</span>
          <select value={correction} onChange={(event) => setCorrection(event.target.value as Correction)}>
            {Object.entries(CORRECTIONS).map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        </label>
      )}
      {accepts && correction === 'ENERGY' && (
        <Field label="Energy in kWh" name="kwh" type="number" min={0} step={0.001} required />
      )}
      {accepts && correction === 'AMOUNT' && (
        <Field label="Total with VAT" name="total" type="number" min={0} step={0.001} required />
      )}
      <Field label="Answer" name="answer" hint="The driver reads it." maxLength={500} required autoFocus />
    </TaskForm>
  );
}
