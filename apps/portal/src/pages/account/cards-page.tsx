import { useState } from 'react';
import { MyTokensDocument } from '../../api/documents/cards.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { Card, Page } from '../../ui/page.js';
import { Pagination, useCursorPages } from '../../ui/pagination.js';
import { Empty, Loaded } from '../../ui/states.js';
import { AccountTabs } from './account-tabs.js';
import { CardRow } from './card-row.js';
import { CardUses } from './card-uses.js';

const PAGE_SIZE = 20;

/** What the driver charges with (cards, fobs, the app, contracts of the car), and who used it. */
export function CardsPage() {
  const pages = useCursorPages();
  const [chosen, setChosen] = useState('');
  const query = useLiveQuery(MyTokensDocument, {
    variables: { first: PAGE_SIZE, after: pages.after },
    pollMs: 30_000,
  });
  const tokens = query.data?.tokens.edges.map(({ node }) => node) ?? [];
  return (
    <Page
      title="Cards"
      lead="Your cards, key fobs and contracts: block one that is lost, and see who used them."
    >
      <AccountTabs />
      <Card title="Your cards and contracts">
        <Loaded
          data={query.data?.tokens}
          error={query.error}
          isLoading={query.isLoading}
          onRetry={query.refetch}
        >
          {({ edges, pageInfo, totalCount }) =>
            edges.length === 0 ? (
              <Empty icon="plug" title="No cards yet">
                Your operator adds cards and contracts to your account. You can charge with this app
                meanwhile.
              </Empty>
            ) : (
              <>
                <ul className="rows" aria-label="Your cards">
                  {edges.map(({ node }) => (
                    <CardRow key={node.id} token={node} />
                  ))}
                </ul>
                <Pagination
                  pages={pages}
                  size={PAGE_SIZE}
                  shown={edges.length}
                  total={totalCount}
                  pageInfo={pageInfo}
                  of="cards"
                />
              </>
            )
          }
        </Loaded>
      </Card>
      <CardUses tokens={tokens} chosen={chosen} onChoose={setChosen} />
    </Page>
  );
}
