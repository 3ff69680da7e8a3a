import { useState, type FormEvent } from 'react';
import { useApi } from '../../api/api-context.js';
import { RequestMyContractDocument } from '../../api/documents/contracts.js';
import { useTask } from '../../api/use-task.js';
import { Button } from '../../ui/button.js';
import { Field, fieldOf } from '../../ui/field.js';
import { Card } from '../../ui/page.js';
import { Notice } from '../../ui/states.js';

const LONGEST_NAME = 60;
const LONGEST_NOTE = 500;
/** With hyphens and check character. */
const LONGEST_NUMBER = 18;

/** Asks for a contract by its number. The proof is the car, not the number. */
export function AddContractForm({ onAsked }: { onAsked: () => void }) {
  const { client } = useApi();
  const task = useTask();
  const [asked, setAsked] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const element = event.currentTarget;
    const form = new FormData(element);
    const text = (field: string) => fieldOf(form, field).trim();
    setAsked(false);
    task.run(async () => {
      await client.mutate({
        mutation: RequestMyContractDocument,
        variables: { input: { emaid: text('emaid'), name: text('name'), note: text('note') } },
      });
      element.reset();
      setAsked(true);
      onAsked();
      return undefined;
    });
  };
  return (
    <Card title="Add a contract">
      <form className="stack" onSubmit={submit}>
        {task.problem && <Notice tone="bad">{task.problem}</Notice>}
        {asked && !task.problem && (
          <Notice tone="good">
            Asked for. Plug the car in at one of our stations: that shows that it is yours. Then your operator
            decides.
          </Notice>
        )}
        <Field
          label="Contract number (eMAID)"
          name="emaid"
          maxLength={LONGEST_NUMBER}
          autoCapitalize="characters"
          autoComplete="off"
          spellCheck={false}
          hint="In the papers of your contract or in the menu of the car, like DE-8AA-C12345678-X."
          required
        />
        <Field label="What you call it" name="name" maxLength={LONGEST_NAME} />
        <Field
          label="Note to your operator"
          name="note"
          maxLength={LONGEST_NOTE}
          hint="Anything that helps to see that it is yours."
        />
        <div className="form-actions">
          <Button type="submit" look="primary" busy={task.isBusy ? 'Asking…' : undefined}>
            Ask for it
          </Button>
        </div>
      </form>
    </Card>
  );
}
