import { useState, type FormEvent } from 'react';
import { mayAct } from '../../api/account-rights.js';
import { useAccount, useApi } from '../../api/api-context.js';
import { ImportContractDocument } from '../../api/documents/contracts.js';
import { useTask } from '../../api/use-task.js';
import { Button } from '../../ui/button.js';
import { Field, fieldOf } from '../../ui/field.js';
import { Card } from '../../ui/page.js';
import { Notice } from '../../ui/states.js';

/** An operator who knows whose it is adds a contract by its number. */
export function ImportContractForm({ onImported }: { onImported: () => void }) {
  const { client } = useApi();
  const { role } = useAccount();
  const task = useTask();
  const [done, setDone] = useState('');
  if (!mayAct(role)) return null;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const element = event.currentTarget;
    const form = new FormData(element);
    const accountEmail = fieldOf(form, 'email').trim() || null;
    setDone('');
    task.run(async () => {
      const { data } = await client.mutate({
        mutation: ImportContractDocument,
        variables: {
          input: { tokens: [{ value: fieldOf(form, 'emaid').trim(), type: 'eMAID', accountEmail }] },
        },
      });
      const answer = data?.importTokens;
      const problem = answer?.problems[0];
      if (problem) return problem.message;
      element.reset();
      setDone(
        answer?.created ? 'The contract charges from now on.' : 'The contract was there: it is up to date.',
      );
      onImported();
      return undefined;
    });
  };
  return (
    <Card title="Add a contract">
      <form className="stack" onSubmit={submit}>
        {task.problem && <Notice tone="bad">{task.problem}</Notice>}
        {done && !task.problem && <Notice tone="good">{done}</Notice>}
        <Field
          label="Contract number (eMAID)"
          name="emaid"
          maxLength={18}
          autoComplete="off"
          spellCheck={false}
          hint="Like DE-8AA-C12345678-X."
          required
        />
        <Field
          label="Driver’s e-mail"
          name="email"
          type="email"
          hint="Whose it is: they pay for what it charges. Without one it belongs to nobody."
        />
        <div className="form-actions">
          <Button type="submit" look="primary" busy={task.isBusy ? 'Adding…' : undefined}>
            Add
          </Button>
        </div>
      </form>
    </Card>
  );
}
