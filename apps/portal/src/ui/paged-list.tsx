import type { ReactNode } from 'react';
import type { LiveQuery } from '../api/use-live-query.js';
import { Pagination, type CursorPages } from './pagination.js';
import { Loaded, Skeleton } from './states.js';

interface PagedListProps<Node> {
  readonly query: Pick<LiveQuery<unknown>, 'error' | 'isLoading' | 'refetch'>;
  readonly list:
    | {
        readonly edges: readonly { readonly node: Node }[];
        readonly pageInfo: { hasNextPage: boolean; endCursor: string | null };
        readonly totalCount?: number;
      }
    | null
    | undefined;
  readonly pages: CursorPages;
  readonly size: number;
  /** What is paged, for the landmark's name: `sessions`. */
  readonly of: string;
  /** The list's name, where the heading does not say it. */
  readonly label?: string;
  /** Grey rows while it loads. */
  readonly rows?: number;
  readonly empty: ReactNode;
  /** One row, with its key. */
  readonly children: (node: Node) => ReactNode;
}

/** The one way a page shows a Relay list: waits, fails, is empty, or shows rows and the way to the next. */
export function PagedList<Node>(props: PagedListProps<Node>) {
  const { query, list, pages, size, of, label, rows = 5, empty, children } = props;
  return (
    <Loaded
      data={list}
      error={query.error}
      isLoading={query.isLoading}
      onRetry={query.refetch}
      skeleton={<Skeleton rows={rows} tall />}
    >
      {({ edges, pageInfo, totalCount }) =>
        edges.length === 0 ? (
          empty
        ) : (
          <>
            <ul className="rows card-rows" aria-label={label}>
              {edges.map(({ node }) => children(node))}
            </ul>
            <Pagination
              pages={pages}
              size={size}
              shown={edges.length}
              {...(totalCount === undefined ? {} : { total: totalCount })}
              pageInfo={pageInfo}
              of={of}
            />
          </>
        )
      }
    </Loaded>
  );
}
