import { useState } from 'react';
import { mayAct } from '../../api/account-rights.js';
import { useAccount, useApi } from '../../api/api-context.js';
import { DecideHoldDocument } from '../../api/documents/bills.js';
import { newKey } from '../../api/idempotency-key.js';
import { useTask } from '../../api/use-task.js';
import { Button } from '../../ui/button.js';
import { Field, fieldOf } from '../../ui/field.js';
import { TaskForm } from '../../ui/task-form.js';
import type { HeldReason } from '../../words/bill-words.js';

const CHOICES = {
  BILL_AS_MEASURED: { ask: 'Bill as measured…', confirm: 'Bill what was measured' },
  BILL_ENERGY: { ask: 'Bill another energy…', confirm: 'Bill this energy' },
  WAIVE: { ask: 'Waive…', confirm: 'Charge nothing' },
} as const;
type Choice = keyof typeof CHOICES;

/** Without a tariff there is nothing to bill by; what is billed already may be left as it is. */
const CHOICES_FOR: Readonly<Record<HeldReason, readonly Choice[]>> = {
  ENERGY_DISPUTED: ['BILL_AS_MEASURED', 'BILL_ENERGY', 'WAIVE'],
  NO_TARIFF: ['WAIVE'],
  OTHER_DRIVER: ['BILL_AS_MEASURED'],
};
const LEAVE = { ask: 'Leave the bill…', confirm: 'Leave the bill as it is' } as const;

interface HoldActionsProps {
  readonly sessionId: string;
  readonly reason: HeldReason;
  readonly onDecided: () => void;
}

/** Decides a bill that waits, once, with a reason that the driver reads. */
export function HoldActions({ sessionId, reason, onDecided }: HoldActionsProps) {
  const { client } = useApi();
  const { role } = useAccount();
  const task = useTask();
  const [asked, setAsked] = useState<{ choice: Choice; key: string }>();
  const wordsOf = (choice: Choice) => (reason === 'OTHER_DRIVER' ? LEAVE : CHOICES[choice]);
  if (!mayAct(role)) return null;
  if (!asked)
    return (
      <div className="form-actions">
        {CHOICES_FOR[reason].map((choice) => (
          <Button
            key={choice}
            look={choice === 'WAIVE' ? 'danger' : 'secondary'}
            onClick={() => setAsked({ choice, key: newKey() })}
          >
            {wordsOf(choice).ask}
          </Button>
        ))}
      </div>
    );
  const { choice, key } = asked;
  const submit = (form: FormData) => {
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
    <TaskForm
      task={task}
      onSubmit={submit}
      onCancel={() => setAsked(undefined)}
      confirm={wordsOf(choice).confirm}
      busy="Deciding…"
      look={choice === 'WAIVE' ? 'danger' : 'primary'}
    >
      {choice === 'BILL_ENERGY' && (
        <Field label="Energy in kWh" name="kwh" type="number" min={0} step={0.001} required autoFocus />
      )}
      <Field label="Why" name="reason" hint="The driver reads it." maxLength={500} required />
    </TaskForm>
  );
}
