import { useApi } from '../../api/api-context.js';
import {
  ProviderPayoutsDocument,
  ProviderPayoutsFileDocument,
  type PayoutParts,
} from '../../api/documents/payouts.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { useTask } from '../../api/use-task.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { Facts } from '../../ui/figures.js';
import { formatMoney, formatTime } from '../../ui/format.js';
import { Page } from '../../ui/page.js';
import { PagedList } from '../../ui/paged-list.js';
import { useCursorPages } from '../../ui/pagination.js';
import { saveFile } from '../../ui/save-file.js';
import { Empty, Notice } from '../../ui/states.js';
import { payoutRows } from '../../words/payout-words.js';
import { OperatorSessionTabs } from './session-tabs.js';

const PAGE_SIZE = 20;

/** What the payment provider paid into the bank, and what was in it. */
export function PayoutsPage() {
  const { client } = useApi();
  const task = useTask();
  const pages = useCursorPages();
  const query = useLiveQuery(ProviderPayoutsDocument, {
    variables: { first: PAGE_SIZE, after: pages.after },
    fallbackPollMs: 0,
  });
  const save = () =>
    task.run(async () => {
      const { data } = await client.query({
        query: ProviderPayoutsFileDocument,
        fetchPolicy: 'no-cache',
      });
      if (data) saveFile(data.providerPayoutsFile);
      return undefined;
    });
  return (
    <Page
      title="Payouts"
      lead="What the payment provider paid into your bank for payments by card, less its fees."
      actions={
        <Button busy={task.isBusy ? 'Saving…' : undefined} onClick={save}>
          Save as CSV
        </Button>
      }
    >
      <OperatorSessionTabs />
      {task.problem && <Notice tone="bad">{task.problem}</Notice>}
      <PagedList
        query={query}
        list={query.data?.providerPayouts}
        pages={pages}
        size={PAGE_SIZE}
        of="payouts"
        label="Payouts"
        empty={
          <Empty icon="receipt" title="Nothing was paid out yet">
            The provider pays out by its own calendar what drivers paid by card.
          </Empty>
        }
      >
        {(payout) => <PayoutItem key={payout.id} payout={payout} />}
      </PagedList>
    </Page>
  );
}

function PayoutItem({ payout }: { payout: PayoutParts }) {
  const { reference, state, toldAt, amount } = payout;
  return (
    <li className="row" data-payout={reference}>
      <div className="row-main stack">
        <p className="row-title">{formatTime(toldAt, 'day')}</p>
        <p className="quiet">{reference}, as it stands on the bank statement</p>
        <details>
          <summary>What is in it</summary>
          <Facts rows={payoutRows(payout)} />
        </details>
      </div>
      {state === 'FAILED' && <Badge tone="bad">The bank gave it back</Badge>}
      <strong className="row-amount">{formatMoney(amount)}</strong>
    </li>
  );
}
