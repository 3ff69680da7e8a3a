import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useApi } from '../../api/api-context.js';
import { CompleteSignInDocument } from '../../api/documents/account.js';
import { Brand } from '../../ui/brand.js';
import { Button } from '../../ui/button.js';
import { Notice } from '../../ui/states.js';
import { signInRefusalText } from '../../words/outcome-words.js';

export function SignInPage({ ended }: { ended: boolean }) {
  const { auth, client } = useApi();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  /** The password was right, a code is wanted. */
  const [challenge, setChallenge] = useState<string>();
  const password = useRef<HTMLInputElement>(null);
  useEffect(() => {
    document.title = 'Sign in · Kilowatch';
  }, []);

  const withCode = async (held: string, code: string) => {
    // Letters: one of the recovery codes.
    const proof = /[a-z]/i.test(code) ? { recoveryCode: code } : { code };
    const variables = { input: { challenge: held, ...proof } };
    const { data } = await client.mutate({ mutation: CompleteSignInDocument, variables });
    if (!data) throw new Error('no answer');
    return auth.enter(data.completeSignIn);
  };

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (isBusy) return;
    const form = new FormData(event.currentTarget);
    setProblem(undefined);
    setBusy(true);
    try {
      const refusal = challenge
        ? await withCode(challenge, String(form.get('code')))
        : await auth.signIn(String(form.get('email')), String(form.get('password')));
      if (refusal) {
        if (refusal.reason === 'CODE_NEEDED') return setChallenge(refusal.challenge);
        if (refusal.reason === 'CHALLENGE_INVALID') setChallenge(undefined);
        setProblem(signInRefusalText(refusal));
        password.current?.select();
      }
    } catch {
      setProblem('Kilowatch cannot be reached. Check your connection and try again.');
    } finally {
      setBusy(false);
    }
  };

  return (
    <main className="threshold">
      <div className="threshold-art" aria-hidden="true">
        <svg viewBox="0 0 400 120" preserveAspectRatio="none">
          <path d="M0 108C40 104 60 22 110 20S230 24 270 30s70 50 130 70" />
        </svg>
      </div>
      <div className="sign-in">
        <Brand />
        <h1>Sign in</h1>
        <p className="lead">Watch, start and pay for charging, as it happens.</p>
        {ended && !problem && <Notice tone="info">Your sign-in has ended. Sign in again to go on.</Notice>}
        {problem && <Notice tone="bad">{problem}</Notice>}
        <form onSubmit={(event) => void submit(event)}>
          {challenge ? (
            <label className="field" key="code">
              <span>Code, or a recovery code</span>
              <input name="code" autoComplete="one-time-code" required autoFocus />
            </label>
          ) : (
            <>
              <label className="field">
                <span>E-mail</span>
                <input name="email" type="email" autoComplete="username" required autoFocus />
              </label>
              <label className="field">
                <span>Password</span>
                <input
                  ref={password}
                  name="password"
                  type="password"
                  autoComplete="current-password"
                  required
                />
              </label>
            </>
          )}
          <Button type="submit" look="primary" busy={isBusy ? 'Signing in…' : undefined}>
            Sign in
          </Button>
        </form>
      </div>
    </main>
  );
}
