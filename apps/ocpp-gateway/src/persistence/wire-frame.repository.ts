import { escapeLike, pgArray, type Tx } from '@kilowatch/platform';
import { framesOf, PAGE_SPAN, pagesOf, type WireFrame } from '../domain/trace-page.js';

export interface FrameSearch {
  readonly stationId: string;
  readonly sent?: boolean | undefined;
  readonly action?: string | undefined;
  readonly messageId?: string | undefined;
  /** Anywhere in the text, whatever its case. */
  readonly contains?: string | undefined;
  readonly fromNo?: number | undefined;
  readonly beforeNo?: number | undefined;
  readonly newestFirst: boolean;
  /** Of the last frame of the page before. */
  readonly after?: number | undefined;
  readonly limit: number;
}

interface PageRow {
  connection_id: string;
  last_no: string;
  frames: string;
}

/** Pages read at a time: taking them apart must not keep the process from its chargers. */
const PAGES = 50;

const INSERT = `INSERT INTO wire_page (slot, tenant, station_id, connection_id, first_no, last_no, frames)
  SELECT * FROM unnest($1::smallint[], $2::text[], $3::uuid[], $4::uuid[], $5::bigint[], $6::bigint[], $7::text[])`;

/** Frames as they went over the wire, masked. */
export class WireFrameRepository {
  async insert(tx: Tx, frames: readonly WireFrame[]): Promise<void> {
    const pages = pagesOf(frames);
    await tx.query(INSERT, [
      pgArray.int2(pages.map(({ slot }) => slot)),
      pgArray.text(pages.map(({ tenant }) => tenant)),
      pgArray.uuid(pages.map(({ stationId }) => stationId)),
      pgArray.uuid(pages.map(({ connectionId }) => connectionId)),
      pgArray.int8(pages.map(({ firstNo }) => firstNo)),
      pgArray.int8(pages.map(({ lastNo }) => lastNo)),
      pgArray.text(pages.map((page) => page.frames)),
    ]);
  }

  async search(tx: Tx, tenant: string, search: FrameSearch): Promise<WireFrame[]> {
    const { stationId, newestFirst, limit } = search;
    const found: WireFrame[] = [];
    for (let edge: number | undefined; ;) {
      const rows = await this.pages(tx, tenant, search, edge);
      for (const { connection_id: connectionId, frames } of rows) {
        found.push(...framesOf({ tenant, stationId, connectionId, frames }).filter(matcher(search)));
      }
      found.sort((a, b) => (newestFirst ? b.no - a.no : a.no - b.no));
      if (rows.length < PAGES) break;
      edge = Number(rows.at(-1)!.last_no);
      // What is in pages not read yet comes behind the frames that are asked for.
      const last = found[limit - 1];
      if (last && (newestFirst ? last.no > edge : last.no < edge - PAGE_SPAN)) break;
    }
    return found.slice(0, limit);
  }

  /** The next pages that may hold what is searched, by their last frames. */
  private pages(
    tx: Tx,
    tenant: string,
    { stationId, fromNo, beforeNo, after, newestFirst, ...words }: FrameSearch,
    edge: number | undefined,
  ): Promise<PageRow[]> {
    const params: unknown[] = [tenant, stationId];
    const p = (value: unknown) => `$${params.push(value)}`;
    const where = ['tenant = $1', 'station_id = $2'];
    if (fromNo !== undefined) where.push(`last_no >= ${p(fromNo)}`);
    if (beforeNo !== undefined) where.push(`first_no < ${p(beforeNo)}`);
    if (after !== undefined) where.push(newestFirst ? `first_no < ${p(after)}` : `last_no > ${p(after)}`);
    if (edge !== undefined) where.push(`last_no ${newestFirst ? '<' : '>'} ${p(edge)}`);
    // What cannot be in a page need not be taken apart: a chatty station's day would keep this process from its chargers.
    for (const word of [words.action, words.messageId, words.contains])
      if (word !== undefined) where.push(`frames ILIKE ${p(`%${escapeLike(inJson(word))}%`)}`);
    return tx.query<PageRow>(
      `SELECT connection_id, last_no, frames FROM wire_page WHERE ${where.join(' AND ')}
       ORDER BY last_no ${newestFirst ? 'DESC' : 'ASC'} LIMIT ${PAGES}`,
      params,
    );
  }

  /** System scope. Empties an hour of the ring, of all tenants. */
  async forget(tx: Tx, slot: number): Promise<void> {
    await tx.query('SELECT forget_wire_frames($1::smallint)', [slot]);
  }
}

/** A part of a text as it stands in the JSON of a page. */
function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function matcher(search: FrameSearch): (frame: WireFrame) => boolean {
  const { sent, action, messageId, fromNo, beforeNo, after, newestFirst } = search;
  const contains = search.contains?.toLowerCase();
  return (frame) =>
    (sent === undefined || frame.sent === sent) &&
    (action === undefined || frame.action === action) &&
    (messageId === undefined || frame.messageId === messageId) &&
    (fromNo === undefined || frame.no >= fromNo) &&
    (beforeNo === undefined || frame.no < beforeNo) &&
    (after === undefined || (newestFirst ? frame.no < after : frame.no > after)) &&
    (contains === undefined || frame.text.toLowerCase().includes(contains));
}
