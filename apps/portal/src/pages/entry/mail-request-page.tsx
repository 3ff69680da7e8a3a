import { useState, type FormEvent } from 'react';
import { Link } from 'react-router';
import { useApi } from '../../api/api-context.js';
import {
  RequestEmailConfirmationDocument,
  RequestPasswordResetDocument,
} from '../../api/documents/account.js';
import { useTask } from '../../api/use-task.js';
import { Button } from '../../ui/button.js';
import { Field, fieldOf } from '../../ui/field.js';
import { Notice } from '../../ui/states.js';
import { Threshold } from '../../ui/threshold.js';

/** Pages that ask for a mail with a link, by the path. What they answer never tells whether there is such an account. */
export const MAIL_PAGES = {
  '/forgotten-password': {
    title: 'Forgotten your password?',
    lead: 'Tell us the address of your account: we send a link to choose a new one.',
    sent: 'If there is an account with this address, a mail with a link is on its way. The link works for an hour.',
    mutation: RequestPasswordResetDocument,
  },
  '/confirm-again': {
    title: 'Confirm your e-mail address',
    lead: 'Tell us the address that you registered with: we send a new link.',
    sent: 'If this address waits to be confirmed, a mail with a link is on its way. The link works for two days.',
    mutation: RequestEmailConfirmationDocument,
  },
} as const;

export function MailRequestPage({ path }: { path: keyof typeof MAIL_PAGES }) {
  const { client } = useApi();
  const task = useTask();
  const [sentTo, setSentTo] = useState<string>();
  const page = MAIL_PAGES[path];
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const email = fieldOf(new FormData(event.currentTarget), 'email');
    task.run(async () => {
      const mutation = page.mutation as typeof RequestPasswordResetDocument;
      await client.mutate({ mutation, variables: { input: { email } } });
      setSentTo(email);
      return undefined;
    });
  };
  return (
    <Threshold title={page.title} lead={page.lead}>
      {task.problem && <Notice tone="bad">{task.problem}</Notice>}
      {sentTo && !task.problem && (
        <Notice tone="good">
          {page.sent} Nothing came to {sentTo}? Look in the spam folder, check the address, and ask again: at
          most three mails an hour are sent.
        </Notice>
      )}
      <form onSubmit={submit}>
        <Field label="E-mail" name="email" type="email" autoComplete="username" required autoFocus />
        <Button type="submit" look="primary" busy={task.isBusy ? 'Sending…' : undefined}>
          Send the link
        </Button>
      </form>
      <p className="links">
        <Link to="/">Back to the sign-in</Link>
      </p>
    </Threshold>
  );
}
