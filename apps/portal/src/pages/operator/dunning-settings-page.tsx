import { useState, type FormEvent } from 'react';
import { mayAct } from '../../api/account-rights.js';
import { useAccount, useApi } from '../../api/api-context.js';
import {
  DunningSettingsDocument,
  SetDunningSettingsDocument,
  type DunningSettingsQuery,
} from '../../api/documents/dunning.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { useTask } from '../../api/use-task.js';
import { Button } from '../../ui/button.js';
import { Field, fieldOf } from '../../ui/field.js';
import { formatTime } from '../../ui/format.js';
import { Card, Page } from '../../ui/page.js';
import { Loaded, Notice } from '../../ui/states.js';
import { DUNNING_ENDS, LETTERS, type DunningLetter } from '../../words/dunning-words.js';

type Settings = DunningSettingsQuery['dunningSettings'];
type End = Settings['end'];
const NAMES = Object.keys(LETTERS) as DunningLetter[];

/** How overdue invoices are asked for: letters, days, fees, interest, and from when on an account is blocked. */
export function DunningSettingsPage() {
  const query = useLiveQuery(DunningSettingsDocument, { fallbackPollMs: 0 });
  const { role } = useAccount();
  return (
    <Page
      title="Letters about overdue invoices"
      lead="What you change counts for running cases, too. Letters that are out stay as they were."
      back={{ to: '/bills/overdue', text: 'Overdue' }}
    >
      <Loaded
        data={query.data?.dunningSettings}
        error={query.error}
        isLoading={query.isLoading}
        onRetry={query.refetch}
      >
        {(settings) => (
          <>
            <Card title="What counts">
              <SettingsForm
                key={settings.updatedAt ?? ''}
                settings={settings}
                mayChange={mayAct(role)}
                onSaved={query.refetch}
              />
            </Card>
            <Card title="Who changed it">
              {settings.changes.length === 0 && <p className="quiet">Nobody yet: this is what is usual.</p>}
              <ul className="rows">
                {settings.changes.map(({ changedAt, reason }) => (
                  <li key={changedAt} className="row">
                    <div className="row-main">
                      <p>{reason}</p>
                      <p className="quiet">{formatTime(changedAt, 'date-time')}</p>
                    </div>
                  </li>
                ))}
              </ul>
            </Card>
          </>
        )}
      </Loaded>
    </Page>
  );
}

interface FormProps {
  readonly settings: Settings;
  readonly mayChange: boolean;
  readonly onSaved: () => void;
}

function SettingsForm({ settings, mayChange, onSaved }: FormProps) {
  const { client } = useApi();
  const task = useTask();
  const [count, setCount] = useState(settings.levels.length);
  const { currency } = settings;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    task.run(async () => {
      const levels = NAMES.slice(0, count).map((name) => ({
        days: Number(fieldOf(form, `${name}-days`)),
        fee: fieldOf(form, `${name}-fee`),
        blocks: form.has(`${name}-blocks`),
      }));
      const input = {
        enabled: form.has('enabled'),
        currency,
        levels,
        end: fieldOf(form, 'end') as End,
        endDays: Number(fieldOf(form, 'endDays')),
        interestPercent: fieldOf(form, 'interest'),
        smallest: fieldOf(form, 'smallest'),
        timeZone: fieldOf(form, 'timeZone').trim(),
        instructions: fieldOf(form, 'instructions'),
        reason: fieldOf(form, 'reason').trim(),
      };
      await client.mutate({ mutation: SetDunningSettingsDocument, variables: { input } });
      onSaved();
      return undefined;
    });
  };
  const days = { type: 'number', min: 0, max: 180, required: true } as const;
  const amount = { type: 'number', min: 0, step: 'any', required: true } as const;
  return (
    <form className="stack" onSubmit={submit}>
      {task.problem && <Notice tone="bad">{task.problem}</Notice>}
      <fieldset disabled={!mayChange} className="stack">
        <label className="check">
          <input type="checkbox" name="enabled" defaultChecked={settings.enabled} />
          <span>Letters go out</span>
        </label>
        <label className="field">
          <span>How many letters</span>
          <select value={count} onChange={(event) => setCount(Number(event.target.value))}>
            {NAMES.map((name, index) => (
              <option key={name} value={index + 1}>
                {index + 1}
              </option>
            ))}
          </select>
        </label>
        {NAMES.slice(0, count).map((name, index) => (
          <LevelFields key={name} name={name} level={settings.levels[index]} currency={currency} />
        ))}
        <label className="field">
          <span>After the last letter</span>
          <select name="end" defaultValue={settings.end}>
            {Object.entries(DUNNING_ENDS).map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        </label>
        <Field
          label="Days from the last letter to that"
          name="endDays"
          defaultValue={settings.endDays}
          {...days}
        />
        <Field
          label="Interest in percent a year"
          name="interest"
          max={20}
          defaultValue={settings.interestPercent}
          {...amount}
        />
        <Field
          label={`No letters for less than, in ${currency}`}
          name="smallest"
          defaultValue={settings.smallest.amount}
          {...amount}
        />
        <Field
          label="Time zone"
          name="timeZone"
          hint="Like Europe/Amsterdam."
          defaultValue={settings.timeZone}
          required
        />
        <Field
          label="How to pay"
          name="instructions"
          hint="Drivers read it in each letter: your bank account, whom to ask."
          maxLength={500}
          defaultValue={settings.instructions}
        />
        <Field label="Why" name="reason" hint="Kept with the change." maxLength={500} required />
      </fieldset>
      {mayChange && (
        <div className="form-actions">
          <Button type="submit" look="primary" busy={task.isBusy ? 'Saving…' : undefined}>
            Save
          </Button>
        </div>
      )}
    </form>
  );
}

interface LevelProps {
  readonly name: DunningLetter;
  readonly level: Settings['levels'][number] | undefined;
  readonly currency: string;
}

function LevelFields({ name, level, currency }: LevelProps) {
  return (
    <fieldset className="stack">
      <legend>{LETTERS[name]}</legend>
      <Field
        label={name === 'REMINDER' ? 'Days after the last day to pay' : 'Days after the letter before'}
        name={`${name}-days`}
        type="number"
        min={0}
        max={180}
        defaultValue={level?.days ?? 14}
        required
      />
      <Field
        label={`Fee in ${currency}`}
        name={`${name}-fee`}
        type="number"
        min={0}
        max={100}
        step="any"
        hint="What the law of your country forbids is refused, where we know it."
        defaultValue={level?.fee.amount ?? '0'}
        required
      />
      <label className="check">
        <input type="checkbox" name={`${name}-blocks`} defaultChecked={level?.blocks ?? false} />
        <span>From this letter on the account starts nothing until it has paid</span>
      </label>
    </fieldset>
  );
}
