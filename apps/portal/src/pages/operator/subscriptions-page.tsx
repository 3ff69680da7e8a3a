import { useQuery } from '@apollo/client/react';
import { useState } from 'react';
import { SubscriptionsDocument } from '../../api/documents/price-groups.js';
import { TariffSourcesDocument } from '../../api/documents/prices.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { Button } from '../../ui/button.js';
import { Facts } from '../../ui/figures.js';
import { Card, Page } from '../../ui/page.js';
import { PagedList } from '../../ui/paged-list.js';
import { useCursorPages } from '../../ui/pagination.js';
import { Empty } from '../../ui/states.js';
import { ruleText } from '../../words/tariff-source-words.js';
import { PriceTabs } from './price-tabs.js';
import { SubscriptionForm } from './subscription-form.js';
import { SubscriptionRow } from './subscription-row.js';

const PAGE_SIZE = 20;

/** Plans, and who pays the prices of one. */
export function SubscriptionsPage() {
  const pages = useCursorPages();
  const [isAdding, setAdding] = useState(false);
  const query = useLiveQuery(SubscriptionsDocument, {
    variables: { first: PAGE_SIZE, after: pages.after },
    pollMs: 60_000,
  });
  const sources = useQuery(TariffSourcesDocument, {
    variables: { first: 100 },
    fetchPolicy: 'cache-and-network',
  });
  const discounts = (sources.data?.tariffSources.edges ?? [])
    .map(({ node }) => node)
    .filter(({ kind }) => kind === 'DISCOUNT');
  const plans = [...new Set(discounts.flatMap(({ plan }) => plan ?? []))];
  return (
    <Page
      title="Subscriptions"
      lead="Who has a plan pays its discounted tariffs instead of the usual ones. One plan at a time."
      actions={
        isAdding || plans.length === 0 ? undefined : (
          <Button look="primary" onClick={() => setAdding(true)}>
            Add a subscriber…
          </Button>
        )
      }
    >
      <PriceTabs />
      {discounts.length > 0 && (
        <Card title="Plans">
          <Facts rows={discounts.map((one) => [`${one.plan}: ${one.name}`, ruleText(one)] as const)} />
        </Card>
      )}
      {isAdding && (
        <Card title="New subscriber">
          <SubscriptionForm
            plans={plans}
            onDone={(isSaved) => {
              setAdding(false);
              if (isSaved) query.refetch();
            }}
          />
        </Card>
      )}
      <PagedList
        query={query}
        list={query.data?.subscriptions}
        pages={pages}
        size={PAGE_SIZE}
        of="subscriptions"
        label="Subscriptions"
        empty={
          <Empty icon="person" title="Nobody subscribes yet">
            {plans.length === 0
              ? 'Make a discount for subscribers under Made tariffs first: it names the plan.'
              : 'Add a subscriber, and their next session has the prices of the plan.'}
          </Empty>
        }
      >
        {(one) => <SubscriptionRow key={one.id} subscription={one} onChanged={query.refetch} />}
      </PagedList>
    </Page>
  );
}
