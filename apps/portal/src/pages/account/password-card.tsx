import { useState, type FormEvent } from 'react';
import { useApi, useAccount } from '../../api/api-context.js';
import { ChangePasswordDocument, SignInSessionsDocument } from '../../api/documents/security.js';
import { sendOnce } from '../../api/send-once.js';
import { useTask } from '../../api/use-task.js';
import { Button } from '../../ui/button.js';
import { Field, fieldOf } from '../../ui/field.js';
import { Card } from '../../ui/page.js';
import { Notice } from '../../ui/states.js';
import { PASSWORD_HINT } from '../../words/outcome-words.js';
import { endedText } from '../../words/security-words.js';

/** Changing the password: it ends every other sign-in. */
export function PasswordCard() {
  const { client } = useApi();
  const { email } = useAccount();
  const task = useTask();
  const [done, setDone] = useState<string>();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const element = event.currentTarget;
    const form = new FormData(element);
    task.run(async () => {
      setDone(undefined);
      const { changePassword } = await sendOnce(client, ChangePasswordDocument, {
        input: { oldPassword: fieldOf(form, 'old'), newPassword: fieldOf(form, 'new') },
      });
      element.reset();
      setDone(`Your password is changed. ${endedText(changePassword.ended)}`);
      await client.refetchQueries({ include: [SignInSessionsDocument] });
      return undefined;
    });
  };
  return (
    <Card title="Password">
      {task.problem && <Notice tone="bad">{task.problem}</Notice>}
      {done && <Notice tone="good">{done}</Notice>}
      <form className="stack" onSubmit={submit}>
        {/* For password managers: whose password this is. */}
        <input
          className="visually-hidden"
          type="email"
          autoComplete="username"
          value={email}
          readOnly
          tabIndex={-1}
          aria-hidden="true"
        />
        <Field label="Present password" name="old" type="password" autoComplete="current-password" required />
        <Field
          label="New password"
          name="new"
          type="password"
          autoComplete="new-password"
          hint={PASSWORD_HINT}
          required
        />
        <div className="form-actions">
          <Button type="submit" busy={task.isBusy ? 'Changing…' : undefined}>
            Change the password
          </Button>
        </div>
      </form>
    </Card>
  );
}
