import { useState } from 'react';
import { useApi } from '../../api/api-context.js';
import {
  CloseIncidentDocument,
  SetTokenStatusDocument,
  type IncidentParts,
} from '../../api/documents/incidents.js';
import { useTask } from '../../api/use-task.js';
import { Button } from '../../ui/button.js';
import { Field, fieldOf } from '../../ui/field.js';
import { TaskForm } from '../../ui/task-form.js';

type Asked = 'close' | 'block' | 'unblock';

const FORMS: Readonly<Record<Asked, { hint: string; confirm: string; busy: string }>> = {
  close: {
    hint: 'What you found, for whoever looks next. Signs that come later make a new incident.',
    confirm: 'Close the incident',
    busy: 'Closing…',
  },
  block: {
    hint: 'Kept in the audit log. Stations are told at once; what charges on it is stopped apart.',
    confirm: 'Block the card',
    busy: 'Blocking…',
  },
  unblock: { hint: 'Kept in the audit log.', confirm: 'Unblock the card', busy: 'Unblocking…' },
};

interface IncidentActionsProps {
  readonly incident: Pick<IncidentParts, 'id' | 'status' | 'token'>;
  readonly onChanged: () => void;
}

/** What an operator does about an incident; each with a reason that is kept. */
export function IncidentActions({ incident, onChanged }: IncidentActionsProps) {
  const { client } = useApi();
  const task = useTask();
  const [asked, setAsked] = useState<Asked>();
  const { id: incidentId, status, token } = incident;

  const submit = (form: FormData) => {
    const reason = fieldOf(form, 'reason');
    task.run(async () => {
      if (asked === 'close')
        await client.mutate({
          mutation: CloseIncidentDocument,
          variables: { input: { incidentId, reason } },
        });
      else if (token)
        await client.mutate({
          mutation: SetTokenStatusDocument,
          variables: {
            input: { tokenId: token.id, status: asked === 'block' ? 'BLOCKED' : 'ACTIVE', reason },
          },
        });
      setAsked(undefined);
      onChanged();
      return undefined;
    });
  };
  const ask = (what: Asked | undefined) => {
    task.say(undefined);
    setAsked(what);
  };

  if (!asked)
    return (
      <div className="form-actions">
        {status === 'OPEN' && (
          <Button look="primary" onClick={() => ask('close')}>
            Close…
          </Button>
        )}
        {token?.status === 'ACTIVE' && (
          <Button look="danger" onClick={() => ask('block')}>
            Block the card…
          </Button>
        )}
        {token?.status === 'BLOCKED' && <Button onClick={() => ask('unblock')}>Unblock the card…</Button>}
      </div>
    );
  const { hint, confirm, busy } = FORMS[asked];
  return (
    <TaskForm
      task={task}
      onSubmit={submit}
      onCancel={() => ask(undefined)}
      confirm={confirm}
      busy={busy}
      look={asked === 'block' ? 'danger' : 'primary'}
    >
      <Field label="Why" name="reason" hint={hint} maxLength={500} required autoFocus />
    </TaskForm>
  );
}
