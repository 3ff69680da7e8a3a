import type { FormEvent } from 'react';
import { useApi } from '../../api/api-context.js';
import { CreateMachineClientDocument } from '../../api/documents/clients.js';
import { sendOnce } from '../../api/send-once.js';
import { useTask } from '../../api/use-task.js';
import { Button } from '../../ui/button.js';
import { Field, fieldOf } from '../../ui/field.js';
import { Card } from '../../ui/page.js';
import { Notice } from '../../ui/states.js';
import { SCOPE_AREAS, scopeActionText } from '../../words/scope-words.js';
import type { Issued } from './issued-secret.js';

interface ClientFormProps {
  readonly onIssued: (issued: Issued) => void;
  readonly onCancel: () => void;
}

/** A new machine client: what it is called and what it may. */
export function ClientForm({ onIssued, onCancel }: ClientFormProps) {
  const { client } = useApi();
  const task = useTask();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    task.run(async () => {
      const name = fieldOf(form, 'name');
      const scopes = form.getAll('scope').map(String);
      if (scopes.length === 0) return 'Choose what it may: a client without scopes may nothing.';
      const { createMachineClient } = await sendOnce(client, CreateMachineClientDocument, {
        input: { name, scopes },
      });
      onIssued({ clientId: createMachineClient.client.id, name, secret: createMachineClient.secret });
      return undefined;
    });
  };
  return (
    <Card title="New machine client">
      <form className="stack" onSubmit={submit}>
        {task.problem && <Notice tone="bad">{task.problem}</Notice>}
        <Field
          label="Name"
          name="name"
          maxLength={100}
          hint="Which program it is, and whose: Reports of the finance team."
          required
          autoFocus
        />
        <fieldset className="scopes">
          <legend>What it may</legend>
          {SCOPE_AREAS.map(({ area, name, actions }) => (
            <div key={area} className="scope" role="group" aria-label={name}>
              <span>{name}</span>
              {actions.map((action) => (
                <label key={action} className="check">
                  <input type="checkbox" name="scope" value={`${area}:${action}`} />
                  <span>
                    {scopeActionText(action)}
                    <span className="visually-hidden"> {name}</span>
                  </span>
                </label>
              ))}
            </div>
          ))}
        </fieldset>
        <div className="form-actions">
          <Button type="submit" look="primary" busy={task.isBusy ? 'Making it…' : undefined}>
            Make the client
          </Button>
          <Button onClick={onCancel}>Cancel</Button>
        </div>
      </form>
    </Card>
  );
}
