import { useState } from 'react';
import { UnknownTokensDocument } from '../../api/documents/unknown-tokens.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { Page } from '../../ui/page.js';
import { PagedList } from '../../ui/paged-list.js';
import { useCursorPages } from '../../ui/pagination.js';
import { Empty } from '../../ui/states.js';
import { OperatorAlertTabs } from './alert-tabs.js';
import { UnknownCardRow } from './unknown-card-row.js';

const PAGE_SIZE = 20;

/** Cards that nobody has and that were shown at stations: taken in here, or left out. */
export function UnknownCardsPage() {
  const [ignored, setIgnored] = useState(false);
  const pages = useCursorPages();
  const query = useLiveQuery(UnknownTokensDocument, {
    variables: { first: PAGE_SIZE, after: pages.after, ignored },
    pollMs: 15_000,
  });
  const show = pages.anew(setIgnored);
  return (
    <Page
      title="Unknown cards"
      lead="Have the card shown at a station: it appears here within seconds. Its number stays with Kilowatch."
    >
      <OperatorAlertTabs />
      <div className="filters">
        <div className="segments" role="group" aria-label="Which cards">
          <button type="button" aria-pressed={!ignored} onClick={() => show(false)}>
            Shown
          </button>
          <button type="button" aria-pressed={ignored} onClick={() => show(true)}>
            Ignored
          </button>
        </div>
      </div>
      <PagedList
        query={query}
        list={query.data?.unknownTokens}
        pages={pages}
        size={PAGE_SIZE}
        of="cards"
        label="Unknown cards"
        rows={5}
        empty={
          <Empty icon="check" title={ignored ? 'No card is ignored' : 'No unknown card was shown'}>
            Cards that nobody has appear here when somebody tries to charge with them, for three months.
          </Empty>
        }
      >
        {(node) => <UnknownCardRow key={node.id} card={node} onChanged={query.refetch} />}
      </PagedList>
    </Page>
  );
}
