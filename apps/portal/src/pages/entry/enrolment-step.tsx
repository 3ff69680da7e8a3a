import { useState } from 'react';
import { useApi } from '../../api/api-context.js';
import { ConfirmTotpDocument, StartTotpDocument, type SignedInParts } from '../../api/documents/account.js';
import { errorReason } from '../../api/error-text.js';
import { sendOnce } from '../../api/send-once.js';
import { useTask } from '../../api/use-task.js';
import { Button } from '../../ui/button.js';
import { Notice } from '../../ui/states.js';
import { Threshold } from '../../ui/threshold.js';
import { RecoveryCodes, TotpSetup } from '../../ui/totp-setup.js';
import { signInRefusalText } from '../../words/outcome-words.js';

interface EnrolmentStepProps {
  readonly challenge: string;
  readonly onStartOver: (why?: string) => void;
}

const TOO_LATE = signInRefusalText({ reason: 'CHALLENGE_INVALID', retryAfterSeconds: null });

/** The password was right, but the operator wants a second factor and there is none: it is set up before anybody gets in. */
export function EnrolmentStep({ challenge, onStartOver }: EnrolmentStepProps) {
  const { auth, client } = useApi();
  const task = useTask();
  const [setup, setSetup] = useState<{ secret: string; uri: string }>();
  const [done, setDone] = useState<{ codes: readonly string[]; signedIn: SignedInParts }>();

  const begin = () =>
    task.run(() =>
      unlessTooLate(async () => {
        setSetup((await sendOnce(client, StartTotpDocument, { input: { challenge } })).startTotp);
        return undefined;
      }),
    );
  const confirm = (code: string) =>
    task.run(() =>
      unlessTooLate(async () => {
        const { confirmTotp } = await sendOnce(client, ConfirmTotpDocument, { input: { code, challenge } });
        const { recoveryCodes: codes, signedIn } = confirmTotp;
        if (!signedIn) throw new Error('no answer');
        setDone({ codes, signedIn });
        return undefined;
      }),
    );
  const unlessTooLate = async (step: () => Promise<string | undefined>) => {
    try {
      return await step();
    } catch (error) {
      if (errorReason(error) !== 'AUTH_CHALLENGE') throw error;
      onStartOver(TOO_LATE);
      return undefined;
    }
  };

  return (
    <Threshold
      title="Set up a second factor"
      lead="Your operator wants one of everybody with your role: a code from an app on your phone, besides the password."
    >
      {done ? (
        <RecoveryCodes codes={done.codes} onKept={() => auth.enter(done.signedIn)} />
      ) : setup ? (
        <TotpSetup {...setup} isBusy={task.isBusy} problem={task.problem} onCode={confirm} />
      ) : (
        <>
          {task.problem && <Notice tone="bad">{task.problem}</Notice>}
          <Button look="primary" onClick={begin} busy={task.isBusy ? 'One moment…' : undefined}>
            Begin
          </Button>
        </>
      )}
      {!done && (
        <Button look="plain" onClick={() => onStartOver()}>
          Start over
        </Button>
      )}
    </Threshold>
  );
}
