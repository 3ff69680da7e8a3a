import type { FormEvent } from 'react';
import { useApi } from '../../api/api-context.js';
import { SetAttemptRulesDocument, type AttemptRulesParts } from '../../api/documents/incidents.js';
import { useTask } from '../../api/use-task.js';
import { Button } from '../../ui/button.js';
import { Field, fieldOf } from '../../ui/field.js';
import { Card } from '../../ui/page.js';
import { Notice } from '../../ui/states.js';
import { changedRules, fieldName, rangeText, settingText } from '../../words/attempt-rule-words.js';
import { ruleText } from '../../words/incident-words.js';

const LONGEST_DELAY_MS = 2_000;

interface AttemptRulesFormProps {
  readonly rules: AttemptRulesParts;
  readonly onSaved: () => void;
}

/** Every rule with its thresholds, and what happens by itself. */
export function AttemptRulesForm({ rules: held, onSaved }: AttemptRulesFormProps) {
  const { client } = useApi();
  const task = useTask();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    task.run(async () => {
      const changed = changedRules(held, form);
      if (!changed) return 'Nothing was changed.';
      const reason = fieldOf(form, 'reason');
      await client.mutate({
        mutation: SetAttemptRulesDocument,
        variables: { input: { ...changed, reason } },
      });
      onSaved();
      return undefined;
    });
  };
  return (
    <form className="stack" onSubmit={submit}>
      <Card title="What happens by itself">
        <label className="check">
          <input type="checkbox" name="blockClones" defaultChecked={held.blockClones} />
          <span>Block a card at once that must have a copy</span>
        </label>
        <Field
          label="Refusals take longer while somebody guesses, milliseconds"
          name="refusalDelayMs"
          type="number"
          min={0}
          max={LONGEST_DELAY_MS}
          defaultValue={held.refusalDelayMs}
          hint="0: they do not. Nobody who may charge waits."
        />
      </Card>
      {held.rules.map(({ rule, enabled, settings }) => (
        <Card key={rule} title={ruleText(rule)}>
          <label className="check">
            <input type="checkbox" name={fieldName(rule, 'enabled')} defaultChecked={enabled} />
            <span>
              Look for it<span className="visually-hidden">: {ruleText(rule)}</span>
            </span>
          </label>
          {settings.map((setting) => (
            <Field
              key={setting.name}
              label={settingText(setting)}
              name={fieldName(rule, setting.name)}
              type="number"
              min={setting.minimum}
              max={setting.maximum}
              defaultValue={setting.value}
              hint={rangeText(setting)}
            />
          ))}
        </Card>
      ))}
      <Card title="Why">
        {task.problem && <Notice tone="bad">{task.problem}</Notice>}
        <Field label="Reason" name="reason" hint="Kept in the audit log." maxLength={500} required />
        <Button type="submit" look="primary" busy={task.isBusy ? 'Saving…' : undefined}>
          Save
        </Button>
      </Card>
    </form>
  );
}
