import { useState, type FormEvent } from 'react';
import { useAccount, useApi } from '../../api/api-context.js';
import {
  ResetSecondFactorDocument,
  SetAccountActiveDocument,
  type PersonParts,
} from '../../api/documents/people.js';
import { useTask } from '../../api/use-task.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { Field, fieldOf } from '../../ui/field.js';
import { formatTime } from '../../ui/format.js';
import { Notice } from '../../ui/states.js';
import { sentenceCase } from '../../words/session-words.js';
import { PaymentTermsForm } from '../shared/payment-terms-form.js';

type Asked = 'off' | 'on' | 'factor';

const FORMS: Readonly<Record<Asked, { hint: string; confirm: string; busy: string; done: string }>> = {
  off: {
    hint: 'No sign-in, and none of their cards charges, from now on. Kept in the audit log.',
    confirm: 'Switch off',
    busy: 'Switching off…',
    done: 'Switched off. What is open somewhere can be read until it closes, within a quarter of an hour.',
  },
  on: {
    hint: 'Kept in the audit log.',
    confirm: 'Switch on',
    busy: 'Switching on…',
    done: 'Switched on.',
  },
  factor: {
    hint: 'Make sure first that it is them: how you did is kept in the audit log. Their sign-ins end, and they are told by mail.',
    confirm: 'Take the second factor off',
    busy: 'Taking it off…',
    done: 'Their second factor is off. They sign in with the password and set up a new one.',
  },
};

/** One person. Oneself is not switched here: another administrator does that. */
export function PersonRow({ person }: { person: PersonParts }) {
  const { client } = useApi();
  const me = useAccount();
  const task = useTask();
  const [asked, setAsked] = useState<Asked>();
  const [done, setDone] = useState<string>();
  const [asksTerms, setAsksTerms] = useState(false);
  const { id: accountId, displayName, email, role, active, createdAt } = person;

  const ask = (what: Asked | undefined) => {
    task.say(undefined);
    setDone(undefined);
    setAsked(what);
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const reason = fieldOf(new FormData(event.currentTarget), 'reason');
    if (!asked) return;
    task.run(async () => {
      if (asked === 'factor')
        await client.mutate({
          mutation: ResetSecondFactorDocument,
          variables: { input: { accountId, reason } },
        });
      else
        await client.mutate({
          mutation: SetAccountActiveDocument,
          variables: { input: { accountId, active: asked === 'on', reason } },
        });
      setAsked(undefined);
      setDone(FORMS[asked].done);
      return undefined;
    });
  };

  return (
    <li className="row" data-person={email} data-disabled={active ? undefined : true}>
      <div className="row-main">
        <p className="row-title">{displayName}</p>
        <p className="quiet">
          {email} · since {formatTime(createdAt, 'day')}
        </p>
        <p className="badges">
          <Badge tone="quiet">{sentenceCase(role)}</Badge>
          {!active && <Badge tone="bad">Switched off</Badge>}
          {accountId === me.id && <Badge tone="good">You</Badge>}
        </p>
        {done && <Notice tone="good">{done}</Notice>}
      </div>
      {asksTerms ? (
        <PaymentTermsForm
          accountId={accountId}
          onDone={(said) => {
            setAsksTerms(false);
            setDone(said);
          }}
          onCancel={() => setAsksTerms(false)}
        />
      ) : asked ? (
        <form className="stack" onSubmit={submit}>
          {task.problem && <Notice tone="bad">{task.problem}</Notice>}
          <Field label="Why" name="reason" hint={FORMS[asked].hint} maxLength={500} required autoFocus />
          <div className="form-actions">
            <Button
              type="submit"
              look={asked === 'on' ? 'primary' : 'danger'}
              busy={task.isBusy ? FORMS[asked].busy : undefined}
            >
              {FORMS[asked].confirm}
            </Button>
            <Button onClick={() => ask(undefined)}>Cancel</Button>
          </div>
        </form>
      ) : (
        accountId !== me.id && (
          <div className="row-actions">
            {role === 'DRIVER' && (
              <Button onClick={() => setAsksTerms(true)}>
                Payment…<span className="visually-hidden"> of {displayName}</span>
              </Button>
            )}
            <Button onClick={() => ask('factor')}>
              Reset second factor…<span className="visually-hidden"> of {displayName}</span>
            </Button>
            <Button onClick={() => ask(active ? 'off' : 'on')}>
              {active ? 'Switch off…' : 'Switch on…'}
              <span className="visually-hidden"> {displayName}</span>
            </Button>
          </div>
        )
      )}
    </li>
  );
}
