import { useState } from 'react';
import { useApi } from '../../api/api-context.js';
import { SetPayeeDocument } from '../../api/documents/payees.js';
import { newKey } from '../../api/idempotency-key.js';
import { useTask } from '../../api/use-task.js';
import { Field, fieldOf } from '../../ui/field.js';
import { TaskForm } from '../../ui/task-form.js';

/** Who is to get a part. */
export function PayeeForm({ onDone }: { onDone: (isSaved: boolean) => void }) {
  const { client } = useApi();
  const task = useTask();
  // One for each form that is sent: sent again after a lost answer, nothing is added twice.
  const [idempotencyKey] = useState(newKey);
  const submit = (form: FormData) =>
    task.run(async () => {
      const input = {
        name: fieldOf(form, 'name'),
        address: fieldOf(form, 'address'),
        vatId: fieldOf(form, 'vatId') || null,
        currency: fieldOf(form, 'currency').toUpperCase(),
        idempotencyKey,
      };
      await client.mutate({ mutation: SetPayeeDocument, variables: { input } });
      onDone(true);
      return undefined;
    });
  return (
    <TaskForm task={task} onSubmit={submit} onCancel={() => onDone(false)} confirm="Add" busy="Adding…">
      <Field label="Name" name="name" maxLength={100} required autoFocus />
      <Field label="Address" name="address" maxLength={300} required />
      <Field label="VAT id" name="vatId" maxLength={30} hint="Where there is one." />
      <Field
        label="Currency"
        name="currency"
        defaultValue="EUR"
        maxLength={3}
        required
        hint="Sessions billed in another currency are not stated."
      />
    </TaskForm>
  );
}
