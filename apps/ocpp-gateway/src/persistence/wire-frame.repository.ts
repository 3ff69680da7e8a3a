import { escapeLike, pgArray, type Tx } from '@kilowatch/platform';

export interface WireFrame {
  readonly slot: number;
  readonly tenant: string;
  readonly stationId: string;
  /** domain/trace-slot.ts: order and time. */
  readonly no: number;
  readonly connectionId: string;
  /** By us. */
  readonly sent: boolean;
  /** For an answer that of the call; empty when nobody could read it. */
  readonly action: string;
  readonly messageId: string;
  /** UTF-16 units of the whole. */
  readonly bytes: number;
  readonly truncated: boolean;
  readonly text: string;
}

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

interface FrameRow {
  slot: number;
  station_id: string;
  no: string;
  connection_id: string;
  sent: boolean;
  action: string;
  message_id: string;
  bytes: number;
  truncated: boolean;
  frame: string;
}

const INSERT = `INSERT INTO wire_frame
    (slot, tenant, station_id, no, connection_id, sent, action, message_id, bytes, truncated, frame)
  SELECT * FROM unnest($1::smallint[], $2::text[], $3::uuid[], $4::bigint[], $5::uuid[], $6::boolean[], $7::text[], $8::text[],
    $9::integer[], $10::boolean[], $11::text[])`;

/** Frames as they went over the wire, masked. */
export class WireFrameRepository {
  async insert(tx: Tx, frames: readonly WireFrame[]): Promise<void> {
    await tx.query(INSERT, [
      pgArray.int2(frames.map(({ slot }) => slot)),
      pgArray.text(frames.map(({ tenant }) => tenant)),
      pgArray.uuid(frames.map(({ stationId }) => stationId)),
      pgArray.int8(frames.map(({ no }) => no)),
      pgArray.uuid(frames.map(({ connectionId }) => connectionId)),
      pgArray.bool(frames.map(({ sent }) => sent)),
      pgArray.text(frames.map(({ action }) => action)),
      pgArray.text(frames.map(({ messageId }) => messageId)),
      pgArray.int4(frames.map(({ bytes }) => bytes)),
      pgArray.bool(frames.map(({ truncated }) => truncated)),
      pgArray.text(frames.map(({ text }) => text)),
    ]);
  }

  async search(tx: Tx, tenant: string, search: FrameSearch): Promise<WireFrame[]> {
    const params: unknown[] = [tenant, search.stationId];
    const p = (value: unknown) => `$${params.push(value)}`;
    const where = ['tenant = $1', 'station_id = $2'];
    if (search.sent !== undefined) where.push(`sent = ${p(search.sent)}`);
    if (search.action !== undefined) where.push(`action = ${p(search.action)}`);
    if (search.messageId !== undefined) where.push(`message_id = ${p(search.messageId)}`);
    if (search.contains !== undefined) where.push(`frame ILIKE ${p(`%${escapeLike(search.contains)}%`)}`);
    if (search.fromNo !== undefined) where.push(`no >= ${p(search.fromNo)}`);
    if (search.beforeNo !== undefined) where.push(`no < ${p(search.beforeNo)}`);
    const [beyond, order] = search.newestFirst ? ['<', 'DESC'] : ['>', 'ASC'];
    if (search.after !== undefined) where.push(`no ${beyond} ${p(search.after)}`);
    const rows = await tx.query<FrameRow>(
      `SELECT * FROM wire_frame WHERE ${where.join(' AND ')} ORDER BY no ${order} LIMIT ${p(search.limit)}`,
      params,
    );
    return rows.map((row) => ({
      slot: row.slot,
      tenant,
      stationId: row.station_id,
      no: Number(row.no),
      connectionId: row.connection_id,
      sent: row.sent,
      action: row.action,
      messageId: row.message_id,
      bytes: row.bytes,
      truncated: row.truncated,
      text: row.frame,
    }));
  }

  /** System scope. Empties an hour of the ring, of all tenants. */
  async forget(tx: Tx, slot: number): Promise<void> {
    await tx.query('SELECT forget_wire_frames($1::smallint)', [slot]);
  }
}
