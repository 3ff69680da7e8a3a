import { useState } from 'react';
import { useApi } from '../../api/api-context.js';
import { SetPriceFeedDocument, type PriceFeedParts } from '../../api/documents/prices.js';
import { useTask } from '../../api/use-task.js';
import { Field, fieldOf } from '../../ui/field.js';
import { TaskForm } from '../../ui/task-form.js';
import { AREA_HINTS, clockText, FEED_NAMES, minuteOfDay } from '../../words/price-feed-words.js';

type Source = PriceFeedParts['source'];

interface PriceFeedFormProps {
  /** Left out: a new one. What it asks stays, only its hours change. */
  readonly feed?: PriceFeedParts;
  readonly onDone: (isSaved: boolean) => void;
}

/** A market and its hours. It is asked as soon as it is saved. */
export function PriceFeedForm({ feed, onDone }: PriceFeedFormProps) {
  const { client } = useApi();
  const task = useTask();
  const [source, setSource] = useState<Source>(feed?.source ?? 'ENTSOE');
  const submit = (form: FormData) => {
    task.run(async () => {
      await client.mutate({
        mutation: SetPriceFeedDocument,
        variables: {
          input: {
            source,
            area: feed?.area ?? fieldOf(form, 'area').trim(),
            currency: fieldOf(form, 'currency').trim().toUpperCase(),
            timeZone: fieldOf(form, 'timeZone').trim() || null,
            publishMinute: minuteOfDay(fieldOf(form, 'publish')),
            alertMinute: minuteOfDay(fieldOf(form, 'alert')),
          },
        },
      });
      onDone(true);
      return undefined;
    });
  };
  return (
    <TaskForm
      task={task}
      onSubmit={submit}
      onCancel={() => onDone(false)}
      confirm="Save and ask it"
      busy="Saving…"
    >
      {!feed && (
        <>
          <label className="field">
            <span>Market</span>
            <select value={source} onChange={(event) => setSource(event.target.value as Source)}>
              {Object.entries(FEED_NAMES).map(([value, text]) => (
                <option key={value} value={value}>
                  {text}
                </option>
              ))}
            </select>
          </label>
          <Field label="Area" name="area" hint={AREA_HINTS[source]} maxLength={50} required />
        </>
      )}
      <Field
        label="Currency"
        name="currency"
        maxLength={3}
        defaultValue={feed?.currency ?? (source === 'OCTOPUS' ? 'GBP' : 'EUR')}
        key={source}
        required
      />
      <Field
        label="Published at"
        name="publish"
        type="time"
        defaultValue={feed && clockText(feed.publishMinute)}
        hint="Of tomorrow’s prices, on the market’s clock. Empty: its usual hour."
      />
      <Field
        label="Missed at"
        name="alert"
        type="time"
        defaultValue={feed && clockText(feed.alertMinute)}
        hint="Somebody is told when they are not there by then. Empty: its usual hour."
      />
      <Field
        label="Time zone of the market"
        name="timeZone"
        defaultValue={feed?.timeZone}
        hint="Empty: that of central Europe, whose day all four sell."
      />
    </TaskForm>
  );
}
