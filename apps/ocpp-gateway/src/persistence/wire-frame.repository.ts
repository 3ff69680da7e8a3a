import { setImmediate as chargersFirst } from 'node:timers/promises';
import { timeout } from '@kilowatch/kernel';
import { pgArray, type Tx } from '@kilowatch/platform';
import { framesOf, PAGE_SPAN, type TracePage, type WireFrame } from '../domain/trace-page.js';

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
  /** Words are looked for in every page of the time that is searched: of a chatty station's day, that is seconds. */
  readonly mostMs: number;
}

interface PageRow {
  connection_id: string;
  last_no: string;
  packed: Buffer | null;
  frames: string;
}

export interface FoundFrames {
  readonly frames: WireFrame[];
  /** Pages that were left out because they cannot be read. */
  readonly unreadable: number;
}

/** Pages read at a time. */
const PAGES = 50;
const TOO_LONG = 'This search takes too long. Search a shorter time (from, before).';

const INSERT = `INSERT INTO wire_page (slot, tenant, station_id, connection_id, first_no, last_no, packed)
  SELECT * FROM unnest($1::smallint[], $2::text[], $3::uuid[], $4::uuid[], $5::bigint[], $6::bigint[], $7::bytea[])`;

/** Frames as they went over the wire, masked. */
export class WireFrameRepository {
  async insert(tx: Tx, pages: readonly TracePage[]): Promise<void> {
    await tx.query(INSERT, [
      pgArray.int2(pages.map(({ slot }) => slot)),
      pgArray.text(pages.map(({ tenant }) => tenant)),
      pgArray.uuid(pages.map(({ stationId }) => stationId)),
      pgArray.uuid(pages.map(({ connectionId }) => connectionId)),
      pgArray.int8(pages.map(({ firstNo }) => firstNo)),
      pgArray.int8(pages.map(({ lastNo }) => lastNo)),
      pgArray.bytea(pages.map(({ packed }) => packed)),
    ]);
  }

  /** TIMEOUT after `mostMs`. */
  async search(tx: Tx, tenant: string, search: FrameSearch): Promise<FoundFrames> {
    const { newestFirst, limit } = search;
    const matches = matcher(search);
    const giveUpAt = performance.now() + search.mostMs;
    const found: WireFrame[] = [];
    let unreadable = 0;
    for (let edge: number | undefined; ;) {
      const rows = await this.pages(tx, tenant, search, edge);
      for (const row of rows) {
        const frames = await readable(tenant, search.stationId, row);
        if (frames) found.push(...frames.filter(matches));
        else unreadable++;
        await chargersFirst();
      }
      found.sort((a, b) => (newestFirst ? b.no - a.no : a.no - b.no));
      if (rows.length < PAGES) break;
      edge = Number(rows.at(-1)!.last_no);
      // What is in pages not read yet comes behind the frames that are asked for.
      const last = found[limit - 1];
      if (last && (newestFirst ? last.no > edge : last.no < edge - PAGE_SPAN)) break;
      if (performance.now() > giveUpAt) throw timeout('FRAME_SEARCH_TIMEOUT', TOO_LONG);
    }
    return { frames: found.slice(0, limit), unreadable };
  }

  /** The next pages of the time that is searched, by their last frames. */
  private pages(
    tx: Tx,
    tenant: string,
    { stationId, fromNo, beforeNo, after, newestFirst }: FrameSearch,
    edge: number | undefined,
  ): Promise<PageRow[]> {
    const params: unknown[] = [tenant, stationId];
    const p = (value: unknown) => `$${params.push(value)}`;
    const where = ['tenant = $1', 'station_id = $2'];
    if (fromNo !== undefined) where.push(`last_no >= ${p(fromNo)}`);
    if (beforeNo !== undefined) where.push(`first_no < ${p(beforeNo)}`);
    if (after !== undefined) where.push(newestFirst ? `first_no < ${p(after)}` : `last_no > ${p(after)}`);
    if (edge !== undefined) where.push(`last_no ${newestFirst ? '<' : '>'} ${p(edge)}`);
    return tx.query<PageRow>(
      `SELECT connection_id, last_no, packed, frames FROM wire_page WHERE ${where.join(' AND ')}
       ORDER BY last_no ${newestFirst ? 'DESC' : 'ASC'} LIMIT ${PAGES}`,
      params,
    );
  }

  /** System scope. Empties an hour of the ring, of all tenants. */
  async forget(tx: Tx, slot: number): Promise<void> {
    await tx.query('SELECT forget_wire_frames($1::smallint)', [slot]);
  }
}

/** The frames of a page; undefined if it is spoiled: what stands in the others is worth seeing. */
async function readable(
  tenant: string,
  stationId: string,
  { connection_id: connectionId, packed, frames }: PageRow,
): Promise<WireFrame[] | undefined> {
  try {
    return await framesOf({ tenant, stationId, connectionId, packed, frames });
  } catch {
    return undefined;
  }
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
