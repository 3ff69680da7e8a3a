import { useState, type FormEvent } from 'react';
import { Link } from 'react-router';
import { useApi } from '../../api/api-context.js';
import { ConfirmEmailDocument, ResetPasswordDocument } from '../../api/documents/account.js';
import { errorReason } from '../../api/error-text.js';
import { sendOnce } from '../../api/send-once.js';
import { useTask } from '../../api/use-task.js';
import { Button } from '../../ui/button.js';
import { Field, fieldOf } from '../../ui/field.js';
import { Notice } from '../../ui/states.js';
import { Threshold } from '../../ui/threshold.js';
import { PASSWORD_HINT, signInRefusalText } from '../../words/outcome-words.js';

/** Where the links in mails about an account lead, by the path. The secret is in the fragment, which no server is told. */
export const LINK_PAGES = {
  '/confirm-email': {
    title: 'Confirm your e-mail address',
    lead: 'Enter the password that you chose when you registered.',
    action: 'Confirm and sign in',
    autoComplete: 'current-password',
    hint: undefined,
    again: { to: '/confirm-again', text: 'Send a new link' },
  },
  '/reset-password': {
    title: 'Choose a new password',
    lead: 'You are signed out everywhere when it is changed. A second factor stays.',
    action: 'Change the password',
    autoComplete: 'new-password',
    hint: PASSWORD_HINT,
    again: { to: '/forgotten-password', text: 'Send a new link' },
  },
} as const;

const NO_LINK = 'This address is not whole: open the link in the mail again, or copy all of it.';

export function AccountLinkPage({ path }: { path: keyof typeof LINK_PAGES }) {
  const { auth, client } = useApi();
  const task = useTask();
  const [isDone, setDone] = useState(false);
  const [isDead, setDead] = useState(false);
  const page = LINK_PAGES[path];

  const send = async (link: string, password: string): Promise<string | undefined> => {
    if (path === '/confirm-email') {
      const { confirmEmail } = await sendOnce(client, ConfirmEmailDocument, { input: { link, password } });
      const refusal = auth.enter(confirmEmail);
      // Confirmed all the same: the code is asked for at the sign-in.
      if (refusal?.challenge) return void setDone(true);
      return refusal ? signInRefusalText(refusal) : undefined;
    }
    await sendOnce(client, ResetPasswordDocument, { input: { link, newPassword: password } });
    // Whoever is signed in here was just signed out everywhere.
    await auth.signOut();
    setDone(true);
    return undefined;
  };

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const password = fieldOf(new FormData(event.currentTarget), 'password');
    const link = window.location.hash.slice(1);
    task.run(async () => {
      if (link === '') return NO_LINK;
      return send(link, password).catch((error: unknown) => {
        if (errorReason(error) === 'AUTH_LINK') setDead(true);
        throw error;
      });
    });
  };

  if (isDone)
    return (
      <Threshold title={path === '/confirm-email' ? 'Address confirmed' : 'Password changed'}>
        <Notice tone="good">
          {path === '/confirm-email'
            ? 'Your address is confirmed. Sign in now.'
            : 'Your password is changed. Sign in with it now.'}
        </Notice>
        <Link className="button" data-look="primary" to="/">
          Go to the sign-in
        </Link>
      </Threshold>
    );
  return (
    <Threshold title={page.title} lead={page.lead}>
      {task.problem && <Notice tone="bad">{task.problem}</Notice>}
      {isDead && (
        <Link className="button" data-look="primary" to={page.again.to}>
          {page.again.text}
        </Link>
      )}
      <form onSubmit={submit}>
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete={page.autoComplete}
          hint={page.hint}
          required
          autoFocus
        />
        <Button type="submit" look="primary" busy={task.isBusy ? 'One moment…' : undefined}>
          {page.action}
        </Button>
      </form>
      <p className="links">
        <Link to="/">Back to the sign-in</Link>
      </p>
    </Threshold>
  );
}
