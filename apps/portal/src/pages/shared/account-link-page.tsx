import { useEffect, useState, type FormEvent } from 'react';
import { useApi } from '../../api/api-context.js';
import { ConfirmEmailDocument, ResetPasswordDocument } from '../../api/documents/account.js';
import { Brand } from '../../ui/brand.js';
import { Button } from '../../ui/button.js';
import { Notice } from '../../ui/states.js';
import { signInRefusalText } from '../../words/outcome-words.js';

/** Where the links in mails about an account lead, by the path. The secret is in the fragment, which no server is told. */
export const LINK_PAGES = {
  '/confirm-email': {
    title: 'Confirm your e-mail address',
    lead: 'Enter the password that you chose when you registered.',
    action: 'Confirm and sign in',
    autoComplete: 'current-password',
  },
  '/reset-password': {
    title: 'Choose a new password',
    lead: 'You are signed out everywhere else when it is changed.',
    action: 'Change the password',
    autoComplete: 'new-password',
  },
} as const;

export function AccountLinkPage({ path }: { path: keyof typeof LINK_PAGES }) {
  const { auth, client } = useApi();
  const [isBusy, setBusy] = useState(false);
  const [notice, setNotice] = useState<{ tone: 'bad' | 'good'; text: string }>();
  const page = LINK_PAGES[path];
  useEffect(() => {
    document.title = `${page.title} · Kilowatch`;
  }, [page]);

  const send = async (password: string): Promise<string | undefined> => {
    const link = window.location.hash.slice(1);
    if (path === '/reset-password') {
      await client.mutate({
        mutation: ResetPasswordDocument,
        variables: { input: { link, newPassword: password } },
      });
      return undefined;
    }
    const { data } = await client.mutate({
      mutation: ConfirmEmailDocument,
      variables: { input: { link, password } },
    });
    const refusal = data && auth.enter(data.confirmEmail);
    return refusal ? signInRefusalText(refusal) : undefined;
  };

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (isBusy) return;
    const password = String(new FormData(event.currentTarget).get('password'));
    setBusy(true);
    try {
      const problem = await send(password);
      if (problem) setNotice({ tone: 'bad', text: problem });
      else if (path === '/reset-password')
        setNotice({ tone: 'good', text: 'Your password is changed. Sign in with it now.' });
    } catch (error) {
      const text = error instanceof Error ? error.message : 'Kilowatch cannot be reached. Try again.';
      setNotice({ tone: 'bad', text });
    } finally {
      setBusy(false);
    }
  };

  return (
    <main className="threshold">
      <div className="sign-in">
        <Brand />
        <h1>{page.title}</h1>
        <p className="lead">{page.lead}</p>
        {notice && <Notice tone={notice.tone}>{notice.text}</Notice>}
        <form onSubmit={(event) => void submit(event)}>
          <label className="field">
            <span>Password</span>
            <input name="password" type="password" autoComplete={page.autoComplete} required autoFocus />
          </label>
          <Button type="submit" look="primary" busy={isBusy ? 'One moment…' : undefined}>
            {page.action}
          </Button>
        </form>
        <p>
          <a href="/">Sign in</a>
        </p>
      </div>
    </main>
  );
}
