import { useState, type FormEvent } from 'react';
import { useApi } from '../../api/api-context.js';
import type { CreateAccountInput } from '../../api/documents/inputs.js';
import { CreateAccountDocument } from '../../api/documents/people.js';
import { useTask } from '../../api/use-task.js';
import { Button } from '../../ui/button.js';
import { Field, fieldOf } from '../../ui/field.js';
import { LanguageOptions } from '../../ui/language-options.js';
import { Card } from '../../ui/page.js';
import { Notice } from '../../ui/states.js';
import { ROLE_CHOICES } from '../../words/role-words.js';

type Role = CreateAccountInput['role'];

interface PersonFormProps {
  /** With the address that was invited. */
  readonly onInvited: (email: string) => void;
  readonly onCancel: () => void;
}

/** Somebody new: who they are and what they may. They choose their password themselves, with the link they get by mail. */
export function PersonForm({ onInvited, onCancel }: PersonFormProps) {
  const { client } = useApi();
  const task = useTask();
  const [role, setRole] = useState<Role>('DRIVER');
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => fieldOf(form, name).trim();
    task.run(async () => {
      const email = text('email');
      const party = role === 'PARTNER' ? text('party').toUpperCase() : null;
      await client.mutate({
        mutation: CreateAccountDocument,
        variables: { input: { email, displayName: text('name'), role, party, locale: text('locale') } },
      });
      onInvited(email);
      return undefined;
    });
  };
  return (
    <Card title="Invite somebody">
      <form className="stack" onSubmit={submit}>
        {task.problem && <Notice tone="bad">{task.problem}</Notice>}
        <Field label="Name" name="name" maxLength={100} required autoFocus />
        <Field
          label="E-mail"
          name="email"
          type="email"
          hint="A link goes there, good for a week, with which they choose their password."
          required
        />
        <label className="field">
          <span>What they may</span>
          <select value={role} onChange={(event) => setRole(event.target.value as Role)}>
            {ROLE_CHOICES.map(({ role: one, text }) => (
              <option key={one} value={one}>
                {text}
              </option>
            ))}
          </select>
        </label>
        {role === 'PARTNER' && (
          <Field
            label="OCPI party"
            name="party"
            hint="Country and party: DE*ABC."
            pattern="[A-Za-z]{2}\\*[A-Za-z0-9]{3}"
            required
          />
        )}
        <label className="field">
          <span>Language of their mails</span>
          <select name="locale" defaultValue="en">
            <LanguageOptions />
          </select>
        </label>
        <div className="form-actions">
          <Button type="submit" look="primary" busy={task.isBusy ? 'Inviting…' : undefined}>
            Invite
          </Button>
          <Button onClick={onCancel}>Cancel</Button>
        </div>
      </form>
    </Card>
  );
}
