import { invalid } from '@kilowatch/kernel';

const MAX_FIRST = 100;
const MAX_CURSOR_LENGTH = 1_000;

export interface PageInfo {
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  startCursor: string | null;
  endCursor: string | null;
}

export interface Connection<Node> {
  edges: { cursor: string; node: Node }[];
  nodes: Node[];
  pageInfo: PageInfo;
}

/** A part of a sort key: what the ORDER BY columns hold, in their order. */
export type SortKey = readonly (string | number)[];

/** An opaque cursor: base64url of the sort key. Clients must not read it; nothing secret is in it. */
export const encodeCursor = (key: SortKey): string =>
  Buffer.from(JSON.stringify(key), 'utf8').toString('base64url');

/** The sort key of a cursor; INVALID for anything `encodeCursor` did not make with as many parts. */
export function decodeCursor(cursor: string, parts: number): SortKey {
  if (cursor.length <= MAX_CURSOR_LENGTH) {
    try {
      const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
      if (isSortKey(key) && key.length === parts && encodeCursor(key) === cursor) return key;
    } catch {
      // not JSON: refused below
    }
  }
  throw invalid('CURSOR', 'The cursor is not valid');
}

/** Checks `first` (1..100) and decodes `after`; query `limit` rows beyond `after`: one more than the page shows. */
export function pageRequest(
  args: { first: number; after?: string | null },
  keyParts: number,
): { first: number; limit: number; after: SortKey | undefined } {
  if (!Number.isInteger(args.first) || args.first < 1 || args.first > MAX_FIRST) {
    throw invalid('PAGE_SIZE', `first must be between 1 and ${MAX_FIRST}`);
  }
  const after =
    args.after === undefined || args.after === null ? undefined : decodeCursor(args.after, keyParts);
  return { first: args.first, limit: args.first + 1, after };
}

/** A Relay connection of the first `first` rows; a row more tells that there is a next page. */
export function connection<Row, Node = Row>(
  page: { first: number; after?: SortKey | undefined },
  rows: readonly Row[],
  keyOf: (row: Row) => SortKey,
  nodeOf: (row: Row) => Node = (row) => row as unknown as Node,
): Connection<Node> {
  const edges = rows
    .slice(0, page.first)
    .map((row) => ({ cursor: encodeCursor(keyOf(row)), node: nodeOf(row) }));
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      hasNextPage: rows.length > page.first,
      hasPreviousPage: page.after !== undefined,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

const isSortKey = (value: unknown): value is SortKey =>
  Array.isArray(value) && value.every((part) => typeof part === 'string' || Number.isFinite(part));
