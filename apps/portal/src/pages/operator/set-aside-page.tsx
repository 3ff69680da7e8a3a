import { useState } from 'react';
import { QuarantinedFramesDocument } from '../../api/documents/frames.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { Page } from '../../ui/page.js';
import { PagedList } from '../../ui/paged-list.js';
import { useCursorPages } from '../../ui/pagination.js';
import { Empty } from '../../ui/states.js';
import { SetAsideRow } from './set-aside-row.js';
import { StationsTabs } from './stations-tabs.js';

const PAGE_SIZE = 20;

/** Transaction messages that could not be processed: kept whole, so that no watt-hour is lost over them. */
export function SetAsidePage() {
  const [waiting, setWaiting] = useState(true);
  const pages = useCursorPages();
  const query = useLiveQuery(QuarantinedFramesDocument, {
    variables: { first: PAGE_SIZE, after: pages.after, filter: { open: waiting ? true : null } },
    pollMs: 15_000,
  });
  const show = pages.anew(setWaiting);
  return (
    <Page
      title="Set aside"
      lead="Messages about charging that could not be processed. The station has its answer; what it said waits here for somebody."
    >
      <StationsTabs />
      <div className="filters">
        <div className="segments" role="group" aria-label="Which messages">
          <button type="button" aria-pressed={waiting} onClick={() => show(true)}>
            Waiting
          </button>
          <button type="button" aria-pressed={!waiting} onClick={() => show(false)}>
            All
          </button>
        </div>
      </div>
      <PagedList
        query={query}
        list={query.data?.quarantinedFrames}
        pages={pages}
        size={PAGE_SIZE}
        of="messages"
        label="Messages set aside"
        empty={
          <Empty icon="check" title={waiting ? 'Nothing waits' : 'Nothing was ever set aside'}>
            A message that is broken, or that a fault of ours keeps from being processed, appears here.
          </Empty>
        }
      >
        {(node) => <SetAsideRow key={node.id} frame={node} onChanged={query.refetch} />}
      </PagedList>
    </Page>
  );
}
