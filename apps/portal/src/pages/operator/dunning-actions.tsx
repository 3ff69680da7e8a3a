import { useState } from 'react';
import { useApi } from '../../api/api-context.js';
import {
  PauseDunningDocument,
  RaiseDunningDocument,
  ResumeDunningDocument,
  WaiveDunningChargesDocument,
  WriteOffInvoiceDocument,
  type CaseParts,
} from '../../api/documents/dunning.js';
import { newKey } from '../../api/idempotency-key.js';
import { useTask } from '../../api/use-task.js';
import { Button } from '../../ui/button.js';
import { Field, fieldOf } from '../../ui/field.js';
import { TaskForm } from '../../ui/task-form.js';
import { isSome } from '../../words/dunning-words.js';

const ACTS = {
  pause: { text: 'Pause', does: 'No letter goes out, and nothing is blocked for it.' },
  resume: { text: 'Go on', does: 'It goes on where it was: the days of the pause do not count.' },
  raise: { text: 'Send the next letter now', does: 'After the last letter it goes to a collector.' },
  waive: { text: 'Waive fees and interest', does: 'They are owed no more.' },
  writeOff: {
    text: 'Give it up',
    does: 'What is owed is booked as a loss. The account stays blocked if it is; what arrives later is recorded as a payment.',
  },
} as const;
type Act = keyof typeof ACTS;

const DOCUMENTS = {
  resume: ResumeDunningDocument,
  raise: RaiseDunningDocument,
  waive: WaiveDunningChargesDocument,
  writeOff: WriteOffInvoiceDocument,
} as const;

/** What may be done in the state the case is in. */
function actsOf({ state, chargesOpen }: CaseParts): Act[] {
  const waive: Act[] = isSome(chargesOpen) ? ['waive'] : [];
  if (state === 'ACTIVE') return ['raise', 'pause', ...waive, 'writeOff'];
  if (state === 'PAUSED') return ['resume', ...waive, 'writeOff'];
  if (state === 'COLLECTION') return ['pause', ...waive, 'writeOff'];
  return waive;
}

interface DunningActionsProps {
  readonly one: CaseParts;
  readonly onDone: () => void;
}

/** What an operator does about a case, each with a reason, once. */
export function DunningActions({ one, onDone }: DunningActionsProps) {
  const { client } = useApi();
  const task = useTask();
  const [asked, setAsked] = useState<{ act: Act; key: string }>();
  if (!asked)
    return (
      <div className="form-actions">
        {actsOf(one).map((act) => (
          <Button key={act} onClick={() => setAsked({ act, key: newKey() })}>
            {ACTS[act].text}…
          </Button>
        ))}
      </div>
    );
  const { act, key } = asked;
  const submit = (form: FormData) => {
    task.run(async () => {
      const input = { caseId: one.id, reason: fieldOf(form, 'reason').trim(), idempotencyKey: key };
      if (act === 'pause') {
        const until = fieldOf(form, 'until') || null;
        await client.mutate({ mutation: PauseDunningDocument, variables: { input: { ...input, until } } });
      } else await client.mutate({ mutation: DOCUMENTS[act], variables: { input } });
      setAsked(undefined);
      onDone();
      return undefined;
    });
  };
  return (
    <TaskForm
      task={task}
      onSubmit={submit}
      onCancel={() => setAsked(undefined)}
      confirm={ACTS[act].text}
      busy="Saving…"
    >
      <p>{ACTS[act].does}</p>
      {act === 'pause' && (
        <Field label="Until" name="until" type="date" hint="Empty: until somebody lets it go on." />
      )}
      <Field label="Why" name="reason" hint="Kept with the case." maxLength={500} required autoFocus />
    </TaskForm>
  );
}
