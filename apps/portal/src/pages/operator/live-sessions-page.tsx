import {
  LiveSessionsDocument,
  SessionRowUpdatedDocument,
  type LiveSessionsQuery,
} from '../../api/documents/session-rows.js';
import { useLive, useLiveQuery } from '../../api/use-live-query.js';
import { Page } from '../../ui/page.js';
import { Pagination, useCursorPages } from '../../ui/pagination.js';
import { Empty, Loaded, Skeleton } from '../../ui/states.js';
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
      <Loaded
        data={query.data?.sessions}
        error={query.error}
        isLoading={query.isLoading}
        onRetry={query.refetch}
        skeleton={<Skeleton rows={6} tall />}
      >
        {({ edges, pageInfo, totalCount }) =>
          edges.length === 0 ? (
            <Empty icon="pulse" title="Nobody is charging">
              Sessions appear here the moment a car starts.
            </Empty>
          ) : (
            <>
              <ul className="rows card-rows" aria-label="Live sessions">
                {edges.map(({ node }) => (
                  <LiveRow key={node.id} session={node} />
                ))}
              </ul>
              <Pagination
                pages={pages}
                size={PAGE_SIZE}
                shown={edges.length}
                total={totalCount}
                pageInfo={pageInfo}
                of="sessions"
              />
            </>
          )
        }
      </Loaded>
    </Page>
  );
}

function LiveRow({ session }: { session: LiveSessionsQuery['sessions']['edges'][number]['node'] }) {
  useLive(SessionRowUpdatedDocument, { id: session.id });
  return <SessionRowItem session={session} driver={session.driver?.displayName} />;
}
