import { useState } from 'react';
import { mayAct } from '../../api/account-rights.js';
import { useAccount, useApi } from '../../api/api-context.js';
import { SetContractStatusDocument, type ContractsQuery } from '../../api/documents/contracts.js';
import { useTask } from '../../api/use-task.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { Field, fieldOf } from '../../ui/field.js';
import { TaskForm } from '../../ui/task-form.js';
import { useNow } from '../../ui/use-now.js';
import { certificateText, contractWord, installedText, lastUseText } from '../../words/contract-words.js';

interface OperatorContractRowProps {
  readonly contract: ContractsQuery['contracts']['edges'][number]['node'];
  readonly onChanged: () => void;
}

/** One contract as operators see it, blocked and unblocked with a reason. */
export function OperatorContractRow({ contract, onChanged }: OperatorContractRowProps) {
  const { client } = useApi();
  const { role } = useAccount();
  const task = useTask();
  const now = useNow(60_000);
  const [asks, setAsks] = useState(false);
  const { id, masked, status, token } = contract;
  const word = contractWord(contract);
  const installed = installedText(contract);
  const blocks = status === 'ACTIVE';
  const change = (form: FormData) => {
    const reason = fieldOf(form, 'reason').trim();
    task.run(async () => {
      await client.mutate({
        mutation: SetContractStatusDocument,
        variables: { input: { contractId: id, status: blocks ? 'BLOCKED' : 'ACTIVE', reason } },
      });
      setAsks(false);
      onChanged();
      return undefined;
    });
  };
  return (
    <li className="row" data-contract={id}>
      <div className="row-main">
        <p className="row-title">{masked}</p>
        <p className="badges">
          <Badge tone={word.tone}>{word.text}</Badge>
        </p>
        <p>
          {token.account ? `${token.account.displayName}, ${token.account.email}` : 'On nobody’s account'}
        </p>
        <p>{certificateText(contract, now)}</p>
        {installed && <p className="quiet">{installed}</p>}
        <p className="quiet">{lastUseText(contract)}</p>
      </div>
      {asks ? (
        <TaskForm
          task={task}
          onSubmit={change}
          onCancel={() => setAsks(false)}
          confirm={blocks ? 'Block' : 'Unblock'}
          busy="One moment…"
        >
          <Field label="Why" name="reason" maxLength={500} hint="Kept in the audit log." required autoFocus />
        </TaskForm>
      ) : (
        mayAct(role) && (
          <div className="row-actions">
            <Button onClick={() => setAsks(true)}>
              {blocks ? 'Block…' : 'Unblock…'}
              <span className="visually-hidden"> {masked}</span>
            </Button>
          </div>
        )
      )}
    </li>
  );
}
