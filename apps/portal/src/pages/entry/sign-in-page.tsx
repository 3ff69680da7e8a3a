import { browserSupportsWebAuthn } from '@simplewebauthn/browser';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { Link, useLocation } from 'react-router';
import { useApi } from '../../api/api-context.js';
import { fetchSignInProviders } from '../../api/auth-ports.js';
import type { SignInRefusal } from '../../api/auth-session.js';
import {
  CompleteSignInDocument,
  RequestEmailConfirmationDocument,
  StartProviderSignInDocument,
  type SignInProvidersQuery,
} from '../../api/documents/account.js';
import { signInWithPasskey } from '../../api/passkeys.js';
import { keepFlow } from '../../api/provider-flow.js';
import { sendOnce } from '../../api/send-once.js';
import { useTask } from '../../api/use-task.js';
import { Button } from '../../ui/button.js';
import { Field, fieldOf } from '../../ui/field.js';
import { Notice } from '../../ui/states.js';
import { Threshold } from '../../ui/threshold.js';
import { codeProof, signInRefusalText } from '../../words/outcome-words.js';
import { passkeyErrorText, passkeyRefusalText } from '../../words/passkey-words.js';
import { EnrolmentStep } from './enrolment-step.js';

/** What a first step left open. */
interface SecondStep {
  readonly challenge: string;
  readonly needs: 'code' | 'enrolment';
}

export function SignInPage({ ended }: { ended: boolean }) {
  const [step, setStep] = useState<SecondStep>();
  const [problem, setProblem] = useState<string>();
  const startOver = (why?: string) => {
    setStep(undefined);
    setProblem(why);
  };
  if (step?.needs === 'code') return <CodeStep challenge={step.challenge} onStartOver={startOver} />;
  if (step) return <EnrolmentStep challenge={step.challenge} onStartOver={startOver} />;
  return <FirstStep ended={ended} problem={problem} onStep={setStep} />;
}

interface FirstStepProps {
  readonly ended: boolean;
  readonly problem: string | undefined;
  readonly onStep: (step: SecondStep) => void;
}

function FirstStep({ ended, problem: before, onStep }: FirstStepProps) {
  const { auth, client } = useApi();
  const { pathname } = useLocation();
  const task = useTask();
  const away = useTask();
  const passkey = useTask(passkeyErrorText);
  const [unconfirmed, setUnconfirmed] = useState<string>();
  const password = useRef<HTMLInputElement>(null);
  const providers = useSignInProviders();

  const outcome = (refusal: SignInRefusal | undefined, inWords = signInRefusalText): string | undefined => {
    if (refusal?.challenge) {
      const needs = refusal.reason === 'ENROLMENT_NEEDED' ? 'enrolment' : 'code';
      onStep({ challenge: refusal.challenge, needs });
      return undefined;
    }
    return refusal && inWords(refusal);
  };

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    task.run(async () => {
      setUnconfirmed(undefined);
      const email = fieldOf(form, 'email');
      const refusal = await auth.signIn(email, fieldOf(form, 'password')).catch(() => 'UNREACHABLE' as const);
      if (refusal === 'UNREACHABLE')
        return 'Kilowatch cannot be reached. Check your connection and try again.';
      if (refusal?.reason === 'EMAIL_NOT_VERIFIED') setUnconfirmed(email);
      if (refusal) password.current?.select();
      return outcome(refusal);
    });
  };
  const withPasskey = () =>
    passkey.run(async () => outcome(auth.enter(await signInWithPasskey(client)), passkeyRefusalText));
  const withProvider = (providerId: string) =>
    away.run(async () => {
      const { startProviderSignIn } = await sendOnce(client, StartProviderSignInDocument, {
        input: { providerId },
      });
      const { url, flow } = startProviderSignIn;
      keepFlow(flow, pathname);
      window.location.assign(url);
      return undefined;
    });

  const problem = task.problem ?? passkey.problem ?? away.problem ?? before;
  return (
    <Threshold title="Sign in" lead="Watch, start and pay for charging, as it happens.">
      {ended && !problem && <Notice tone="info">Your sign-in has ended. Sign in again to go on.</Notice>}
      {problem && <Notice tone="bad">{problem}</Notice>}
      {unconfirmed && <SendAgain email={unconfirmed} />}
      <form onSubmit={submit}>
        <Field label="E-mail" name="email" type="email" autoComplete="username" required autoFocus />
        <label className="field">
          <span>Password</span>
          <input ref={password} name="password" type="password" autoComplete="current-password" required />
        </label>
        <Button type="submit" look="primary" busy={task.isBusy ? 'Signing in…' : undefined}>
          Sign in
        </Button>
      </form>
      <p className="links">
        <Link to="/forgotten-password">Forgotten your password?</Link>
        <Link to="/register">Make an account</Link>
      </p>
      {(browserSupportsWebAuthn() || providers.length > 0) && (
        <div className="other-ways" role="group" aria-label="Other ways in">
          {browserSupportsWebAuthn() && (
            <Button onClick={withPasskey} busy={passkey.isBusy ? 'Waiting for your device…' : undefined}>
              Use a passkey
            </Button>
          )}
          {providers.map(({ id, name }) => (
            <Button key={id} onClick={() => withProvider(id)} busy={away.isBusy ? 'On the way…' : undefined}>
              Continue with {name}
            </Button>
          ))}
        </div>
      )}
    </Threshold>
  );
}

/** Of companies whose people sign in there. None while they cannot be told: the other ways in stay. */
function useSignInProviders(): SignInProvidersQuery['signInProviders'] {
  const [providers, setProviders] = useState<SignInProvidersQuery['signInProviders']>([]);
  useEffect(() => {
    let isGone = false;
    fetchSignInProviders().then(
      (found) => !isGone && setProviders(found),
      () => undefined,
    );
    return () => {
      isGone = true;
    };
  }, []);
  return providers;
}

function SendAgain({ email }: { email: string }) {
  const { client } = useApi();
  const task = useTask();
  const [isSent, setSent] = useState(false);
  const send = () =>
    task.run(async () => {
      await client.mutate({ mutation: RequestEmailConfirmationDocument, variables: { input: { email } } });
      setSent(true);
      return undefined;
    });
  if (isSent)
    return (
      <Notice tone="good">A new mail is on its way. Look in the spam folder too if it does not come.</Notice>
    );
  return (
    <>
      {task.problem && <Notice tone="bad">{task.problem}</Notice>}
      <Button onClick={send} busy={task.isBusy ? 'Sending…' : undefined}>
        Send the mail again
      </Button>
    </>
  );
}

interface StepProps {
  readonly challenge: string;
  readonly onStartOver: (why?: string) => void;
}

/** The password was right, a code is wanted. */
function CodeStep({ challenge, onStartOver }: StepProps) {
  const { auth, client } = useApi();
  const task = useTask();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    task.run(async () => {
      const { completeSignIn } = await sendOnce(client, CompleteSignInDocument, {
        input: { challenge, ...codeProof(fieldOf(form, 'code')) },
      });
      const refusal = auth.enter(completeSignIn);
      if (!refusal) return undefined;
      if (refusal.reason === 'CHALLENGE_INVALID') onStartOver(signInRefusalText(refusal));
      return refusal.reason === 'WRONG_CREDENTIALS'
        ? 'The code is wrong, or was used already. Wait for the next one in your app, or take a recovery code.'
        : signInRefusalText(refusal);
    });
  };
  return (
    <Threshold
      title="Enter your code"
      lead="Your password was right. Your account wants a second factor too."
    >
      {task.problem && <Notice tone="bad">{task.problem}</Notice>}
      <form onSubmit={submit}>
        <Field
          label="Code, or a recovery code"
          name="code"
          autoComplete="one-time-code"
          autoCapitalize="off"
          spellCheck={false}
          required
          autoFocus
          hint="Six digits from your authenticator app, or one of the codes that you kept when you set it up."
        />
        <Button type="submit" look="primary" busy={task.isBusy ? 'Signing in…' : undefined}>
          Sign in
        </Button>
      </form>
      <p className="quiet">
        No phone and no recovery codes? Ask your operator: they take the second factor off after making sure
        that it is you.
      </p>
      <Button look="plain" onClick={() => onStartOver()}>
        Start over
      </Button>
    </Threshold>
  );
}
