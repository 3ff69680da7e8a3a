import { useApi } from '../../api/api-context.js';
import { AddSubscriptionDocument } from '../../api/documents/price-groups.js';
import { findPerson } from '../../api/find-person.js';
import { useTask } from '../../api/use-task.js';
import { Field, fieldOf } from '../../ui/field.js';
import { TaskForm } from '../../ui/task-form.js';

interface SubscriptionFormProps {
  readonly plans: readonly string[];
  readonly onDone: (isSaved: boolean) => void;
}

/** A time as the browser gives it, on the clock of who types it. */
const instantOf = (text: string): string | null => (text === '' ? null : new Date(text).toISOString());

/** Somebody is to pay the prices of a plan. */
export function SubscriptionForm({ plans, onDone }: SubscriptionFormProps) {
  const { client } = useApi();
  const task = useTask();
  const submit = (form: FormData) => {
    task.run(async () => {
      const person = await findPerson(client, fieldOf(form, 'email'));
      if ('problem' in person) return person.problem;
      await client.mutate({
        mutation: AddSubscriptionDocument,
        variables: {
          input: {
            accountId: person.id,
            plan: fieldOf(form, 'plan'),
            validFrom: instantOf(fieldOf(form, 'from')),
            validUntil: instantOf(fieldOf(form, 'until')),
          },
        },
      });
      onDone(true);
      return undefined;
    });
  };
  return (
    <TaskForm task={task} onSubmit={submit} onCancel={() => onDone(false)} confirm="Add" busy="Adding…">
      <Field label="Driver’s e-mail" name="email" type="email" required autoFocus />
      <label className="field">
        <span>Plan</span>
        <select name="plan" required>
          {plans.map((plan) => (
            <option key={plan}>{plan}</option>
          ))}
        </select>
      </label>
      <Field label="From" name="from" type="datetime-local" hint="Empty: now." />
      <Field label="Until" name="until" type="datetime-local" hint="Empty: until it is ended." />
    </TaskForm>
  );
}
