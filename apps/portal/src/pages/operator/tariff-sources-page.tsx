import { useState } from 'react';
import { TariffSourcesDocument } from '../../api/documents/prices.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { Button } from '../../ui/button.js';
import { Card, Page } from '../../ui/page.js';
import { PagedList } from '../../ui/paged-list.js';
import { useCursorPages } from '../../ui/pagination.js';
import { Empty } from '../../ui/states.js';
import { PriceTabs } from './price-tabs.js';
import { TariffSourceForm } from './tariff-source-form.js';
import { TariffSourceRow } from './tariff-source-row.js';

const PAGE_SIZE = 10;

/** Tariffs whose prices come from a market, from a curve, or from another tariff. */
export function TariffSourcesPage() {
  const pages = useCursorPages();
  const [isAdding, setAdding] = useState(false);
  const query = useLiveQuery(TariffSourcesDocument, {
    variables: { first: PAGE_SIZE, after: pages.after },
    pollMs: 30_000,
  });
  return (
    <Page
      title="Made tariffs"
      lead="Each version is made ahead of its time. A session keeps the price it began with."
      actions={
        isAdding ? undefined : (
          <Button look="primary" onClick={() => setAdding(true)}>
            Make a tariff…
          </Button>
        )
      }
    >
      <PriceTabs />
      {isAdding && (
        <Card title="New made tariff">
          <TariffSourceForm
            onDone={(isSaved) => {
              setAdding(false);
              if (isSaved) query.refetch();
            }}
          />
        </Card>
      )}
      <PagedList
        query={query}
        list={query.data?.tariffSources}
        pages={pages}
        size={PAGE_SIZE}
        of="made tariffs"
        label="Made tariffs"
        empty={
          <Empty icon="receipt" title="No tariff is made yet">
            Make one from a market price with a margin, from steps of a curve, or as a discount for
            subscribers.
          </Empty>
        }
      >
        {(source) => <TariffSourceRow key={source.tariffId} source={source} onChanged={query.refetch} />}
      </PagedList>
    </Page>
  );
}
