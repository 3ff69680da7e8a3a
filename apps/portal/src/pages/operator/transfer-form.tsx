import { useState } from 'react';
import { useApi } from '../../api/api-context.js';
import { RecordInvoiceTransferDocument, type CaseParts } from '../../api/documents/dunning.js';
import { newKey } from '../../api/idempotency-key.js';
import { useTask } from '../../api/use-task.js';
import { Button } from '../../ui/button.js';
import { Field, fieldOf } from '../../ui/field.js';
import { TaskForm } from '../../ui/task-form.js';

interface TransferFormProps {
  readonly one: CaseParts;
  readonly onDone: () => void;
}

/** Records a bank transfer that arrived for an invoice, of all or of a part; once. */
export function TransferForm({ one, onDone }: TransferFormProps) {
  const { client } = useApi();
  const task = useTask();
  const [key, setKey] = useState<string>();
  const { invoice, chargesOpen, state } = one;
  const open = state === 'WRITTEN_OFF' ? invoice.writtenOff : invoice.owedInclVat;
  const total = (Number(open.amount) + Number(chargesOpen.amount)).toFixed(2);
  if (Number(total) === 0 || invoice.status === 'CREDITED') return null;
  if (key === undefined)
    return (
      <div className="form-actions">
        <Button look="primary" onClick={() => setKey(newKey())}>
          Record a payment…
        </Button>
      </div>
    );
  const submit = (form: FormData) => {
    task.run(async () => {
      const input = {
        invoiceId: invoice.id,
        amount: fieldOf(form, 'amount'),
        receivedOn: fieldOf(form, 'receivedOn') || null,
        reference: fieldOf(form, 'reference').trim(),
        idempotencyKey: key,
      };
      await client.mutate({ mutation: RecordInvoiceTransferDocument, variables: { input } });
      setKey(undefined);
      onDone();
      return undefined;
    });
  };
  return (
    <TaskForm
      task={task}
      onSubmit={submit}
      onCancel={() => setKey(undefined)}
      confirm="Record it"
      busy="Recording…"
    >
      <Field
        label={`Amount in ${open.currency}`}
        name="amount"
        type="number"
        min={0.01}
        step="any"
        defaultValue={total}
        hint="It pays the invoice, then fees and interest; what is more comes into the driver’s wallet."
        required
        autoFocus
      />
      <Field label="Arrived on" name="receivedOn" type="date" hint="Empty: today." />
      <Field label="Reference" name="reference" hint="As the bank shows it." maxLength={140} required />
    </TaskForm>
  );
}
