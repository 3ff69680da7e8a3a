import { invalid, isUuid } from '@kilowatch/kernel';
import type { SortKey } from '@kilowatch/platform';

/** A page whose sort key is an id: refuses a made-up cursor before it reaches the database. */
export function idCursor<P extends { after: SortKey | undefined }>(page: P): P {
  const key = page.after?.[0];
  if (key !== undefined && !isUuid(String(key))) throw invalid('CURSOR', 'The cursor is not valid');
  return page;
}
