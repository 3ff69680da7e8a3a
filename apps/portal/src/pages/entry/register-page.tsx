import { useState, type FormEvent } from 'react';
import { Link } from 'react-router';
import { useApi } from '../../api/api-context.js';
import { RegisterDocument } from '../../api/documents/account.js';
import { useTask } from '../../api/use-task.js';
import { Button } from '../../ui/button.js';
import { Field, fieldOf } from '../../ui/field.js';
import { Notice } from '../../ui/states.js';
import { Threshold } from '../../ui/threshold.js';
import { PASSWORD_HINT } from '../../words/outcome-words.js';

/** A driver makes an account. Whether the address has one already is told by mail, to its owner alone. */
export function RegisterPage() {
  const { client } = useApi();
  const task = useTask();
  const [sentTo, setSentTo] = useState<string>();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    task.run(async () => {
      const email = fieldOf(form, 'email');
      await client.mutate({
        mutation: RegisterDocument,
        variables: {
          input: {
            email,
            password: fieldOf(form, 'password'),
            displayName: fieldOf(form, 'name'),
            locale: navigator.language,
          },
        },
      });
      setSentTo(email);
      return undefined;
    });
  };
  if (sentTo)
    return (
      <Threshold title="Look into your mail">
        <Notice tone="good">
          We sent a mail to {sentTo}. Open the link in it within two days to confirm your address, then your
          account is ready.
        </Notice>
        <p>
          Nothing came? Look in the spam folder, or <Link to="/confirm-again">have it sent again</Link>.
        </p>
        <p className="links">
          <Link to="/">Back to the sign-in</Link>
        </p>
      </Threshold>
    );
  return (
    <Threshold title="Make an account" lead="For drivers. Operators and partners are invited.">
      {task.problem && <Notice tone="bad">{task.problem}</Notice>}
      <form onSubmit={submit}>
        <Field label="Name" name="name" autoComplete="name" maxLength={100} required autoFocus />
        <Field label="E-mail" name="email" type="email" autoComplete="username" required />
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete="new-password"
          hint={PASSWORD_HINT}
          required
        />
        <Button type="submit" look="primary" busy={task.isBusy ? 'Making your account…' : undefined}>
          Make an account
        </Button>
      </form>
      <p className="links">
        <Link to="/">I have one: sign in</Link>
      </p>
    </Threshold>
  );
}
