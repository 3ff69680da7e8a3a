import { useState } from 'react';
import { useApi } from '../../api/api-context.js';
import {
  ChoosePaymentMethodDocument,
  PaymentCardsDocument,
  RemovePaymentCardDocument,
  type PaymentCardsParts,
} from '../../api/documents/payment-cards.js';
import { useTask } from '../../api/use-task.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { ConfirmDialog } from '../../ui/confirm-dialog.js';
import { Notice } from '../../ui/states.js';
import { useNow } from '../../ui/use-now.js';
import { cardText } from '../../words/invoice-words.js';
import { expiryText } from '../../words/payment-card-words.js';

interface PaymentCardRowProps {
  readonly card: PaymentCardsParts['cards'][number];
  readonly method: PaymentCardsParts['method'];
}

/** A bank card: whether it comes first, and how to be rid of it. */
export function PaymentCardRow({ card, method }: PaymentCardRowProps) {
  const { client } = useApi();
  const task = useTask();
  const now = useNow(60_000);
  const [asks, setAsks] = useState(false);
  const { id: cardId, isDefault } = card;
  const name = cardText(card);
  const expiry = expiryText(card, new Date(now));
  const refetchQueries = [PaymentCardsDocument];
  const useFirst = () =>
    task.run(async () => {
      await client.mutate({
        mutation: ChoosePaymentMethodDocument,
        variables: { input: { method, cardId } },
        refetchQueries,
      });
      return undefined;
    });
  const remove = () => {
    setAsks(false);
    task.run(async () => {
      await client.mutate({
        mutation: RemovePaymentCardDocument,
        variables: { input: { cardId } },
        refetchQueries,
      });
      return undefined;
    });
  };
  return (
    <li className="row">
      <div className="row-main">
        <p className="row-title">{name}</p>
        <p className="badges">
          {isDefault && <Badge tone="good">Used first</Badge>}
          {expiry.isOver && <Badge tone="bad">Expired</Badge>}
        </p>
        <p className="quiet">good until {expiry.text}</p>
        {task.problem && <Notice tone="bad">{task.problem}</Notice>}
      </div>
      <div className="row-actions">
        {!isDefault && (
          <Button busy={task.isBusy ? 'Saving…' : undefined} onClick={useFirst}>
            Use first<span className="visually-hidden">: {name}</span>
          </Button>
        )}
        <Button busy={task.isBusy ? 'Removing…' : undefined} onClick={() => setAsks(true)}>
          Remove…<span className="visually-hidden">: {name}</span>
        </Button>
      </div>
      {asks && (
        <ConfirmDialog
          title={`Remove ${name}?`}
          confirm="Remove"
          danger
          onConfirm={remove}
          onCancel={() => setAsks(false)}
        >
          Payments that are under way are still made with it. To use it again you type it in again.
        </ConfirmDialog>
      )}
    </li>
  );
}
