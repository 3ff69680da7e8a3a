import { useState, type FormEvent } from 'react';
import { mayAct } from '../../api/account-rights.js';
import { useAccount, useApi } from '../../api/api-context.js';
import { DecideHoldDocument } from '../../api/documents/bills.js';
import { newKey } from '../../api/idempotency-key.js';
import { useTask } from '../../api/use-task.js';
import { Button } from '../../ui/button.js';
import { Field, fieldOf } from '../../ui/field.js';
import { Notice } from '../../ui/states.js';

const CHOICES = {
  BILL_AS_MEASURED: { ask: 'Bill as measured…', confirm: 'Bill what was measured' },
  BILL_ENERGY: { ask: 'Bill another energy…', confirm: 'Bill this energy' },
  WAIVE: { ask: 'Waive…', confirm: 'Charge nothing' },
} as const;
type Choice = keyof typeof CHOICES;

interface HoldActionsProps {
  readonly sessionId: string;
  /** Without a tariff there is nothing to bill by. */
  readonly canBill: boolean;
  readonly onDecided: () => void;
}

/** Decides a bill that waits, once, with a reason that the driver reads. */
export function HoldActions({ sessionId, canBill, onDecided }: HoldActionsProps) {
  const { client } = useApi();
  const { role } = useAccount();
  const task = useTask();
  const [asked, setAsked] = useState<{ choice: Choice; key: string }>();
  if (!mayAct(role)) return null;
  if (!asked)
    return (
      <div className="form-actions">
        {(Object.keys(CHOICES) as Choice[])
          .filter((choice) => canBill || choice === 'WAIVE')
          .map((choice) => (
            <Button
              key={choice}
              look={choice === 'WAIVE' ? 'danger' : 'secondary'}
              onClick={() => setAsked({ choice, key: newKey() })}
            >
              {CHOICES[choice].ask}
            </Button>
          ))}
      </div>
    );
  const { choice, key } = asked;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    task.run(async () => {
      await client.mutate({
        mutation: DecideHoldDocument,
        variables: {
          input: {
            sessionId,
            decision: choice,
            energyWh: choice === 'BILL_ENERGY' ? Math.round(Number(fieldOf(form, 'kwh')) * 1000) : null,
            reason: fieldOf(form, 'reason').trim(),
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
    <form className="stack" onSubmit={submit}>
      {task.problem && <Notice tone="bad">{task.problem}</Notice>}
      {choice === 'BILL_ENERGY' && (
        <Field label="Energy in kWh" name="kwh" type="number" min={0} step={0.001} required autoFocus />
      )}
      <Field label="Why" name="reason" hint="The driver reads it." maxLength={500} required />
      <div className="form-actions">
        <Button
          type="submit"
          look={choice === 'WAIVE' ? 'danger' : 'primary'}
          busy={task.isBusy ? 'Deciding…' : undefined}
        >
          {CHOICES[choice].confirm}
        </Button>
        <Button
          onClick={() => {
            task.say(undefined);
            setAsked(undefined);
          }}
        >
          Cancel
        </Button>
      </div>
    </form>
  );
}
