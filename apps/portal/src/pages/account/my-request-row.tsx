import { useApi } from '../../api/api-context.js';
import { WithdrawContractRequestDocument, type ContractRequestParts } from '../../api/documents/contracts.js';
import { useTask } from '../../api/use-task.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { Time } from '../../ui/figures.js';
import { formatTime } from '../../ui/format.js';
import { Notice } from '../../ui/states.js';
import { requestAdvice, requestTitle, requestWord } from '../../words/contract-words.js';

interface MyRequestRowProps {
  readonly request: ContractRequestParts;
  readonly onChanged: () => void;
}

export function MyRequestRow({ request, onChanged }: MyRequestRowProps) {
  const { client } = useApi();
  const task = useTask();
  const { id, state, createdAt } = request;
  const word = requestWord(request);
  const title = requestTitle(request);
  const advice = requestAdvice(request);
  const withdraw = () =>
    task.run(async () => {
      await client.mutate({ mutation: WithdrawContractRequestDocument, variables: { input: { id } } });
      onChanged();
      return undefined;
    });
  return (
    <li className="row" data-contract-request={state}>
      <div className="row-main">
        <p className="row-title">{title}</p>
        <p className="badges">
          <Badge tone={word.tone}>{word.text}</Badge>
        </p>
        {advice && <p>{advice}</p>}
        <p className="quiet">
          asked <Time iso={createdAt}>{formatTime(createdAt, 'date-time')}</Time>
        </p>
        {task.problem && <Notice tone="bad">{task.problem}</Notice>}
      </div>
      {state === 'WAITING' && (
        <div className="row-actions">
          <Button busy={task.isBusy ? 'One moment…' : undefined} onClick={withdraw}>
            Withdraw<span className="visually-hidden">: {title}</span>
          </Button>
        </div>
      )}
    </li>
  );
}
