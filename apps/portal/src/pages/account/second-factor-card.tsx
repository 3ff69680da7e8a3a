import { useState } from 'react';
import { useApi } from '../../api/api-context.js';
import { ConfirmTotpDocument, StartTotpDocument } from '../../api/documents/account.js';
import {
  DisableTotpDocument,
  MySecurityDocument,
  RenewRecoveryCodesDocument,
  type MySecurityQuery,
} from '../../api/documents/security.js';
import { sendOnce } from '../../api/send-once.js';
import type { LiveQuery } from '../../api/use-live-query.js';
import { useTask } from '../../api/use-task.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { formatTime } from '../../ui/format.js';
import { Card } from '../../ui/page.js';
import { Loaded, Notice } from '../../ui/states.js';
import { RecoveryCodes, TotpSetup } from '../../ui/totp-setup.js';
import { recoveryCodesText } from '../../words/security-words.js';
import { ProofForm, type Proof } from './proof-form.js';

type Step =
  | { readonly at: 'rest' | 'start' | 'renew' | 'off' }
  | { readonly at: 'scan'; readonly secret: string; readonly uri: string }
  | { readonly at: 'codes'; readonly codes: readonly string[] };

const REST: Step = { at: 'rest' };

/** Codes by time: set up, renew the recovery codes, take off. */
export function SecondFactorCard({ security }: { security: LiveQuery<MySecurityQuery> }) {
  return (
    <Card title="Codes from an app">
      <Loaded
        data={security.data?.mySecurity}
        error={security.error}
        isLoading={security.isLoading}
        onRetry={security.refetch}
      >
        {(state) => <SecondFactor state={state} />}
      </Loaded>
    </Card>
  );
}

function SecondFactor({ state }: { state: MySecurityQuery['mySecurity'] }) {
  const { client } = useApi();
  const task = useTask();
  const [step, setStep] = useState<Step>(REST);
  const go = (next: Step) => {
    task.say(undefined);
    setStep(next);
  };
  const refresh = () => client.refetchQueries({ include: [MySecurityDocument] });
  const show = async (codes: readonly string[]) => {
    setStep({ at: 'codes', codes });
    await refresh();
  };

  const start = ({ password }: Proof) =>
    task.run(async () => {
      const { startTotp } = await sendOnce(client, StartTotpDocument, { input: { password } });
      setStep({ at: 'scan', ...startTotp });
      return undefined;
    });
  const confirm = (code: string) =>
    task.run(async () => {
      const { confirmTotp } = await sendOnce(client, ConfirmTotpDocument, { input: { code } });
      await show(confirmTotp.recoveryCodes);
      return undefined;
    });
  const renew = (input: Proof) =>
    task.run(async () => {
      const { renewRecoveryCodes } = await sendOnce(client, RenewRecoveryCodesDocument, { input });
      await show(renewRecoveryCodes.recoveryCodes);
      return undefined;
    });
  const takeOff = (input: Proof) =>
    task.run(async () => {
      await sendOnce(client, DisableTotpDocument, { input });
      await refresh();
      setStep(REST);
      return undefined;
    });

  const form = { task, onCancel: () => go(REST) };
  switch (step.at) {
    case 'start':
      return <ProofForm {...form} action="Go on" withCode={false} onProof={start} />;
    case 'scan':
      return (
        <>
          <TotpSetup {...step} isBusy={task.isBusy} problem={task.problem} onCode={confirm} />
          <Button look="plain" onClick={() => go(REST)}>
            Cancel
          </Button>
        </>
      );
    case 'codes':
      return <RecoveryCodes codes={step.codes} onKept={() => go(REST)} />;
    case 'renew':
      return <ProofForm {...form} action="Make new recovery codes" withCode onProof={renew} />;
    case 'off':
      return <ProofForm {...form} action="Switch off" danger withCode onProof={takeOff} />;
    case 'rest':
      return <Resting state={state} onStep={go} />;
  }
}

function Resting({ state, onStep }: { state: MySecurityQuery['mySecurity']; onStep: (step: Step) => void }) {
  const { totpSince, recoveryCodesLeft, secondFactorWanted } = state;
  if (totpSince === null)
    return (
      <>
        <Badge tone={secondFactorWanted ? 'warn' : 'quiet'}>Off</Badge>
        {secondFactorWanted && (
          <Notice tone="warn">
            Your operator wants a second factor of everybody with your role: set it up now, or add a passkey.
          </Notice>
        )}
        <p>Besides your password, a code from an app on your phone is asked for at each sign-in.</p>
        <div className="form-actions">
          <Button look="primary" onClick={() => onStep({ at: 'start' })}>
            Set up codes
          </Button>
        </div>
      </>
    );
  const { tone, text } = recoveryCodesText(recoveryCodesLeft);
  return (
    <>
      <Badge tone="good">On</Badge>
      <p className="quiet">since {formatTime(totpSince, 'date-time')}</p>
      <Notice tone={tone}>{text}</Notice>
      <div className="form-actions">
        <Button onClick={() => onStep({ at: 'renew' })}>New recovery codes</Button>
        <Button onClick={() => onStep({ at: 'off' })}>Switch off…</Button>
      </div>
    </>
  );
}
