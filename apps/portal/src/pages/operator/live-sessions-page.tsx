import {
  LiveSessionsDocument,
  SessionRowUpdatedDocument,
  type LiveSessionsQuery,
} from '../../api/documents/session-rows.js';
import { useLive, useLiveQuery } from '../../api/use-live-query.js';
import { Page } from '../../ui/page.js';
import { PagedList } from '../../ui/paged-list.js';
import { useCursorPages } from '../../ui/pagination.js';
import { Empty } from '../../ui/states.js';
import { SessionRowItem } from '../session/session-row-item.js';
import { OperatorSessionTabs } from './session-tabs.js';

const PAGE_SIZE = 20;

export function LiveSessionsPage() {
  const pages = useCursorPages();
  const query = useLiveQuery(LiveSessionsDocument, {
    variables: { first: PAGE_SIZE, after: pages.after },
    // Events move the rows shown; new sessions are found by asking.
    pollMs: 10_000,
  });
  const total = query.data?.sessions.totalCount;
  return (
    <Page title="Live sessions" lead={total === undefined ? undefined : <p>{total} running now</p>}>
      <OperatorSessionTabs />
      <PagedList
        query={query}
        list={query.data?.sessions}
        pages={pages}
        size={PAGE_SIZE}
        of="sessions"
        label="Live sessions"
        rows={6}
        empty={
          <Empty icon="pulse" title="Nobody is charging">
            Sessions appear here the moment a car starts.
          </Empty>
        }
      >
        {(node) => <LiveRow key={node.id} session={node} />}
      </PagedList>
    </Page>
  );
}

function LiveRow({ session }: { session: LiveSessionsQuery['sessions']['edges'][number]['node'] }) {
  useLive(SessionRowUpdatedDocument, { id: session.id });
  return <SessionRowItem session={session} driver={session.driver?.displayName} />;
}
