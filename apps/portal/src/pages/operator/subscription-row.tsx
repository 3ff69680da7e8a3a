import { useState } from 'react';
import { useApi } from '../../api/api-context.js';
import { EndSubscriptionDocument, type SubscriptionParts } from '../../api/documents/price-groups.js';
import { useTask } from '../../api/use-task.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { ConfirmDialog } from '../../ui/confirm-dialog.js';
import { formatTime } from '../../ui/format.js';
import { Notice } from '../../ui/states.js';
import { useNow } from '../../ui/use-now.js';
import { subscriptionWord } from '../../words/tariff-words.js';

interface SubscriptionRowProps {
  readonly subscription: SubscriptionParts;
  readonly onChanged: () => void;
}

/** Who has which plan, from when and until when. */
export function SubscriptionRow({ subscription, onChanged }: SubscriptionRowProps) {
  const { client } = useApi();
  const task = useTask();
  const now = useNow(60_000);
  const [asks, setAsks] = useState(false);
  const { id, accountId, account, plan, validFrom, validUntil } = subscription;
  const word = subscriptionWord(subscription, now);
  const name = account?.displayName ?? accountId;
  const end = () => {
    setAsks(false);
    task.run(async () => {
      await client.mutate({ mutation: EndSubscriptionDocument, variables: { input: { id } } });
      onChanged();
      return undefined;
    });
  };
  return (
    <li className="row" data-subscription={account?.email ?? accountId}>
      <div className="row-main stack">
        <p className="row-title">
          {name}: {plan}
        </p>
        {account && <p>{account.email}</p>}
        <p className="quiet">
          From {formatTime(validFrom, 'date-time')}
          {validUntil ? ` until ${formatTime(validUntil, 'date-time')}` : ', until it is ended'}
        </p>
        {task.problem && <Notice tone="bad">{task.problem}</Notice>}
        {word.text !== 'Over' && (
          <div className="form-actions">
            <Button busy={task.isBusy ? 'One moment…' : undefined} onClick={() => setAsks(true)}>
              End it…<span className="visually-hidden"> {name}</span>
            </Button>
          </div>
        )}
      </div>
      <Badge tone={word.tone}>{word.text}</Badge>
      {asks && (
        <ConfirmDialog
          title={`End the plan of ${name}?`}
          confirm="End it"
          danger
          onConfirm={end}
          onCancel={() => setAsks(false)}
        >
          Sessions that begin from now on have the usual price. Those that run keep theirs.
        </ConfirmDialog>
      )}
    </li>
  );
}
