import { useState } from 'react';
import {
  ChoosePaymentMethodDocument,
  OpenCardPageDocument,
  PaymentCardsDocument,
  type PaymentCardsParts,
} from '../../api/documents/payment-cards.js';
import { useApi } from '../../api/api-context.js';
import { newKey } from '../../api/idempotency-key.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { useTask } from '../../api/use-task.js';
import { Button } from '../../ui/button.js';
import { Card, Page } from '../../ui/page.js';
import { Empty, Loaded, Notice } from '../../ui/states.js';
import { isWebAddress, methodText } from '../../words/payment-card-words.js';
import { AccountTabs } from './account-tabs.js';
import { PaymentCardRow } from './payment-card-row.js';
import { PAYMENT_PATH, useCardReturn } from './use-card-return.js';

/** Cards that sessions and invoices are paid with. What is on them is typed in on a page of the payment provider, never here. */
export function PaymentPage() {
  const back = useCardReturn();
  const query = useLiveQuery(PaymentCardsDocument, { pollMs: 30_000 });
  return (
    <Page title="Paying" lead="The bank cards that your charging is paid with.">
      <AccountTabs />
      {back && <Notice tone={back.tone}>{back.text}</Notice>}
      <Loaded
        data={query.data?.paymentCards}
        error={query.error}
        isLoading={query.isLoading}
        onRetry={query.refetch}
      >
        {(cards) =>
          cards.offered || cards.cards.length > 0 ? (
            <BankCards cards={cards} />
          ) : (
            <Empty icon="receipt" title="No cards are taken here">
              Your charging is paid from your wallet or by invoice, as agreed with your operator.
            </Empty>
          )
        }
      </Loaded>
    </Page>
  );
}

function BankCards({ cards: { offered, method, cards } }: { cards: PaymentCardsParts }) {
  const { client } = useApi();
  const task = useTask();
  const [idempotencyKey, setKey] = useState(newKey);
  const add = () =>
    task.run(async () => {
      const returnUrl = `${window.location.origin}${PAYMENT_PATH}`;
      const { data } = await client.mutate({
        mutation: OpenCardPageDocument,
        variables: { input: { returnUrl, idempotencyKey } },
      });
      // Whoever comes back the other way (back button) begins another one.
      setKey(newKey());
      const url = data?.openCardPage.url ?? '';
      if (!isWebAddress(url)) return 'The page of the payment provider could not be opened. Try again later.';
      window.location.assign(url);
      return undefined;
    });
  const choose = (wanted: PaymentCardsParts['method']) =>
    task.run(async () => {
      await client.mutate({
        mutation: ChoosePaymentMethodDocument,
        variables: { input: { method: wanted } },
        refetchQueries: [PaymentCardsDocument],
      });
      return undefined;
    });
  return (
    <Card title="Your bank cards">
      <p>{methodText({ method, cards })}</p>
      {cards.length > 0 && (
        <ul className="rows" aria-label="Your bank cards">
          {cards.map((card) => (
            <PaymentCardRow key={card.id} card={card} method={method} />
          ))}
        </ul>
      )}
      {task.problem && <Notice tone="bad">{task.problem}</Notice>}
      <div className="form-actions">
        {offered && (
          <Button look="primary" busy={task.isBusy ? 'One moment…' : undefined} onClick={add}>
            Add a card
          </Button>
        )}
        {offered && method === 'AS_AGREED' && cards.length > 0 && (
          <Button onClick={() => choose('CARD')}>Pay by card</Button>
        )}
        {method === 'CARD' && <Button onClick={() => choose('AS_AGREED')}>Pay as agreed</Button>}
      </div>
      {offered && <p className="quiet">You type the card in at our payment provider, and come back here.</p>}
    </Card>
  );
}
