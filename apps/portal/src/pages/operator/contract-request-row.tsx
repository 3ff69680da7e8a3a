import { useState } from 'react';
import { mayAct } from '../../api/account-rights.js';
import { useAccount, useApi } from '../../api/api-context.js';
import { DecideContractRequestDocument, type ContractRequestsQuery } from '../../api/documents/contracts.js';
import { useTask } from '../../api/use-task.js';
import { Button } from '../../ui/button.js';
import { Field, fieldOf } from '../../ui/field.js';
import { Time } from '../../ui/figures.js';
import { formatTime } from '../../ui/format.js';
import { TaskForm } from '../../ui/task-form.js';
import { proofText, requestTitle } from '../../words/contract-words.js';

interface ContractRequestRowProps {
  readonly request: ContractRequestsQuery['contractRequests']['edges'][number]['node'];
  readonly onChanged: () => void;
}

/** What a driver asked for, what speaks for it, and the decision. */
export function ContractRequestRow({ request, onChanged }: ContractRequestRowProps) {
  const { client } = useApi();
  const { role } = useAccount();
  const task = useTask();
  const [asks, setAsks] = useState<'approve' | 'decline'>();
  const { id, note, account, createdAt } = request;
  const title = requestTitle(request);
  const proof = proofText(request);
  const decide = (form: FormData) => {
    const reason = fieldOf(form, 'reason').trim();
    task.run(async () => {
      await client.mutate({
        mutation: DecideContractRequestDocument,
        variables: { input: { id, approve: asks === 'approve', reason } },
      });
      onChanged();
      return undefined;
    });
  };
  return (
    <li className="row" data-contract-request={id}>
      <div className="row-main">
        <p className="row-title">{title}</p>
        <p>{account ? `${account.displayName}, ${account.email}` : 'Somebody who is gone'}</p>
        {note && <p>“{note}”</p>}
        {proof && <p>{proof}</p>}
        <p className="quiet">
          asked <Time iso={createdAt}>{formatTime(createdAt, 'date-time')}</Time>
        </p>
      </div>
      {asks ? (
        <TaskForm
          task={task}
          onSubmit={decide}
          onCancel={() => setAsks(undefined)}
          confirm={asks === 'approve' ? 'Approve' : 'Decline'}
          busy="Deciding…"
        >
          <Field
            label="Why"
            name="reason"
            maxLength={500}
            required={asks === 'decline'}
            hint="Kept, and shown to the driver."
            autoFocus
          />
        </TaskForm>
      ) : (
        mayAct(role) && (
          <div className="row-actions">
            <Button onClick={() => setAsks('approve')}>
              Approve…<span className="visually-hidden"> {title}</span>
            </Button>
            <Button onClick={() => setAsks('decline')}>
              Decline…<span className="visually-hidden"> {title}</span>
            </Button>
          </div>
        )
      )}
    </li>
  );
}
