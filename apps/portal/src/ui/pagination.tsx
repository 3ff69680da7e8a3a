import { useState } from 'react';
import { Button } from './button.js';
import { Icon } from './icon.js';
import { LOCALE, formatNumber } from './format.js';

export interface CursorPages {
  readonly after: string | undefined;
  /** 0 for the first page. */
  readonly page: number;
  readonly next: (cursor: string) => void;
  readonly previous: () => void;
  readonly reset: () => void;
  /** What else is asked for starts at the first page: sets it, and goes there. */
  readonly anew: <T>(set: (value: T) => void) => (value: T) => void;
}

/** Where in a Relay list the reader is; the cursors of the pages behind are kept. */
export function useCursorPages(): CursorPages {
  const [cursors, setCursors] = useState<readonly string[]>([]);
  const reset = () => setCursors([]);
  return {
    after: cursors[cursors.length - 1],
    page: cursors.length,
    next: (cursor) => setCursors([...cursors, cursor]),
    previous: () => setCursors(cursors.slice(0, -1)),
    reset,
    anew: (set) => (value) => {
      set(value);
      reset();
    },
  };
}

interface PaginationProps {
  readonly pages: CursorPages;
  readonly size: number;
  readonly shown: number;
  readonly total?: number;
  readonly pageInfo: { hasNextPage: boolean; endCursor: string | null };
  /** What is paged, for the landmark's name: `Sessions`. */
  readonly of: string;
}

export function Pagination({ pages, size, shown, total, pageInfo, of }: PaginationProps) {
  if (pages.page === 0 && !pageInfo.hasNextPage) return null;
  const first = pages.page * size + 1;
  const range = `${formatNumber(first, LOCALE)}–${formatNumber(first + shown - 1, LOCALE)}`;
  return (
    <nav className="pagination" aria-label={`Pages of ${of}`}>
      <Button onClick={pages.previous} disabled={pages.page === 0}>
        <Icon name="back" />
        Previous
      </Button>
      <span role="status">
        {range}
        {total !== undefined && ` of ${formatNumber(total, LOCALE)}`}
      </span>
      <Button
        onClick={() => pageInfo.endCursor !== null && pages.next(pageInfo.endCursor)}
        disabled={!pageInfo.hasNextPage}
      >
        Next
        <Icon name="next" />
      </Button>
    </nav>
  );
}
