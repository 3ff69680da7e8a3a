import { useState } from 'react';
import { PriceFeedsDocument } from '../../api/documents/prices.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { Button } from '../../ui/button.js';
import { Card, Page } from '../../ui/page.js';
import { PagedList } from '../../ui/paged-list.js';
import { useCursorPages } from '../../ui/pagination.js';
import { Empty } from '../../ui/states.js';
import { PriceFeedForm } from './price-feed-form.js';
import { PriceFeedRow } from './price-feed-row.js';
import { PriceTabs } from './price-tabs.js';

const PAGE_SIZE = 10;

/** Where market prices come from, what they are, and how that goes. */
export function PriceFeedsPage() {
  const pages = useCursorPages();
  const [isAdding, setAdding] = useState(false);
  const query = useLiveQuery(PriceFeedsDocument, {
    variables: { first: PAGE_SIZE, after: pages.after },
    pollMs: 30_000,
  });
  return (
    <Page
      title="Market prices"
      lead="Asked by itself for today and tomorrow. Tariffs can follow them."
      actions={
        isAdding ? undefined : (
          <Button look="primary" onClick={() => setAdding(true)}>
            Add a market…
          </Button>
        )
      }
    >
      <PriceTabs />
      {isAdding && (
        <Card title="New market">
          <PriceFeedForm
            onDone={(isSaved) => {
              setAdding(false);
              if (isSaved) query.refetch();
            }}
          />
        </Card>
      )}
      <PagedList
        query={query}
        list={query.data?.priceFeeds}
        pages={pages}
        size={PAGE_SIZE}
        of="markets"
        label="Markets"
        empty={
          <Empty icon="pulse" title="No market is asked yet">
            Add one, and tariffs can cost what electricity costs, hour by hour.
          </Empty>
        }
      >
        {(feed) => <PriceFeedRow key={`${feed.source} ${feed.area}`} feed={feed} onChanged={query.refetch} />}
      </PagedList>
    </Page>
  );
}
