import { useState } from 'react';
import { useApi } from '../../api/api-context.js';
import { RequestContractRemovalDocument, type MyContractParts } from '../../api/documents/contracts.js';
import { useTask } from '../../api/use-task.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { ConfirmDialog } from '../../ui/confirm-dialog.js';
import { Notice } from '../../ui/states.js';
import { useNow } from '../../ui/use-now.js';
import { cardWord } from '../../words/card-words.js';
import { certificateText, installedText, lastUseText } from '../../words/contract-words.js';
import type { Outcome } from '../../words/outcome-words.js';
import { BlockDialog } from './block-dialog.js';
import { useCardActions } from './use-card-actions.js';

interface ContractRowProps {
  readonly contract: MyContractParts;
  readonly onChanged: () => void;
}

/** One contract: what is known of it, blocked here at once; its removal is asked for. */
export function ContractRow({ contract, onChanged }: ContractRowProps) {
  const { client } = useApi();
  const actions = useCardActions();
  const task = useTask();
  const now = useNow(60_000);
  const [asks, setAsks] = useState<'block' | 'remove'>();
  const [outcome, setOutcome] = useState<Outcome>();
  const { id, masked, token, removalRequest } = contract;
  const name = token.name ? `${token.name} (${masked})` : masked;
  const word = cardWord(token);
  const installed = installedText(contract);

  const block = (reason: string, stops: boolean) => {
    setAsks(undefined);
    task.run(async () => {
      setOutcome(await actions.block(token.id, reason, stops));
      onChanged();
      return undefined;
    });
  };
  const unblock = () =>
    task.run(async () => {
      await actions.unblock(token.id);
      setOutcome({ tone: 'good', text: 'It charges again.' });
      onChanged();
      return undefined;
    });
  const remove = () => {
    setAsks(undefined);
    task.run(async () => {
      await client.mutate({
        mutation: RequestContractRemovalDocument,
        variables: { input: { contractId: id } },
      });
      setOutcome({ tone: 'good', text: 'Asked for: your operator takes it off your account.' });
      onChanged();
      return undefined;
    });
  };

  return (
    <li className="row" data-contract={id}>
      <div className="row-main">
        <p className="row-title">{name}</p>
        <p className="badges">
          <Badge tone={word.tone}>{word.text}</Badge>
          {removalRequest && <Badge tone="warn">Removal asked for</Badge>}
        </p>
        {word.advice && <p className="quiet">{word.advice}</p>}
        <p>{certificateText(contract, now)}</p>
        {installed && <p className="quiet">{installed}</p>}
        <p className="quiet">{lastUseText(contract)}</p>
        {task.problem && <Notice tone="bad">{task.problem}</Notice>}
        {outcome && !task.problem && <Notice tone={outcome.tone}>{outcome.text}</Notice>}
      </div>
      <div className="row-actions">
        {token.status === 'ACTIVE' && (
          <Button busy={task.isBusy ? 'One moment…' : undefined} onClick={() => setAsks('block')}>
            Block…<span className="visually-hidden">: {name}</span>
          </Button>
        )}
        {token.status === 'BLOCKED' && token.blockedByHolder && (
          <Button busy={task.isBusy ? 'One moment…' : undefined} onClick={unblock}>
            Unblock<span className="visually-hidden">: {name}</span>
          </Button>
        )}
        {!removalRequest && (
          <Button onClick={() => setAsks('remove')}>
            Remove…<span className="visually-hidden">: {name}</span>
          </Button>
        )}
      </div>
      {asks === 'block' && (
        <BlockDialog
          title={`Block ${name}?`}
          isCharging={token.openSessions.length > 0}
          onBlock={block}
          onCancel={() => setAsks(undefined)}
        />
      )}
      {asks === 'remove' && (
        <ConfirmDialog
          title={`Remove ${name}?`}
          confirm="Ask for removal"
          cancel="Keep it"
          onConfirm={remove}
          onCancel={() => setAsks(undefined)}
        >
          Your operator takes it off your account; until then it charges. To stop it at once, block it. The
          contract with your provider itself is not ended by this.
        </ConfirmDialog>
      )}
    </li>
  );
}
