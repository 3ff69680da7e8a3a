import { invalid, isUuid } from '@kilowatch/kernel';

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

/** What a part of a sort key is: the type of the column that it is compared with. */
export type KeyPart = 'id' | 'time' | 'text' | 'integer' | 'bigint';

/** `['time', 'id']` -> `readonly [string, string]` */
export type KeyOf<Parts extends readonly KeyPart[]> = {
  readonly [I in keyof Parts]: Parts[I] extends 'integer' | 'bigint' ? number : string;
};

const INTEGER_MAX = 2 ** 31 - 1;
/** As Date.toISOString writes it, in the years that Postgres knows too. */
const TIME = /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const FITS: Readonly<Record<KeyPart, (part: string | number) => boolean>> = {
  id: (part) => typeof part === 'string' && isUuid(part),
  time: (part) => typeof part === 'string' && TIME.test(part) && !Number.isNaN(Date.parse(part)),
  text: (part) => typeof part === 'string' && !part.includes('\u0000'),
  integer: (part) =>
    Number.isInteger(part) && Number(part) >= -INTEGER_MAX - 1 && Number(part) <= INTEGER_MAX,
  bigint: (part) => Number.isSafeInteger(part),
};

/** An opaque cursor: base64url of the sort key. Clients must not read it; nothing secret is in it. */
export const encodeCursor = (key: SortKey): string =>
  Buffer.from(JSON.stringify(key), 'utf8').toString('base64url');

/**
 * The sort key of a cursor; INVALID for anything `encodeCursor` did not make of such parts. Cursors come from outside: what is no
 * time or no id never reaches a column of that type.
 */
export function decodeCursor<const Parts extends readonly KeyPart[]>(
  cursor: string,
  parts: Parts,
): KeyOf<Parts> {
  if (cursor.length <= MAX_CURSOR_LENGTH) {
    try {
      const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
      if (isKeyOf(key, parts) && encodeCursor(key) === cursor) return key;
    } catch {
      // not JSON: refused below
    }
  }
  throw invalid('CURSOR', 'The cursor is not valid');
}

/** Checks `first` (1..100) and decodes `after`, `key` being the types of the ORDER BY columns; query `limit` rows beyond `after`: one more than the page shows. */
export function pageRequest<const Parts extends readonly KeyPart[]>(
  args: { first: number; after?: string | null },
  key: Parts,
): { first: number; limit: number; after: KeyOf<Parts> | undefined } {
  if (!Number.isInteger(args.first) || args.first < 1 || args.first > MAX_FIRST) {
    throw invalid('PAGE_SIZE', `first must be between 1 and ${MAX_FIRST}`);
  }
  const after = args.after === undefined || args.after === null ? undefined : decodeCursor(args.after, key);
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

function isKeyOf<Parts extends readonly KeyPart[]>(
  value: unknown,
  parts: Parts,
): value is KeyOf<Parts> & SortKey {
  return (
    Array.isArray(value) && value.length === parts.length && parts.every((part, i) => FITS[part](value[i]))
  );
}
