import { createHash } from 'node:crypto';
import { groupBy } from '@kilowatch/kernel';
import { gathered, pgArray, type Tx } from '@kilowatch/platform';
import type { SampledValue } from '../domain/reading.js';
import type { SignedSample } from '../domain/signed/signed-session.js';
import {
  LATE_END,
  LEAD,
  keyColumns,
  type AttachedReadings,
  type KeyedTransaction,
  type ReadingRow,
} from './reading.repository.js';
import { USE } from './reading-window.js';

interface Row {
  measured_at: Date;
  data: string;
  encoding: string;
  public_key: string;
}

/** Of one transaction: a record for each reading of a day at one a minute. Of more, the first and the last half of so many. */
export const MOST_SIGNED = 1_500;
const MOST_PAGE = 200;

/** What of the readings is signed, each once. Nothing is asked when none is. */
export async function insertSigned(tx: Tx, readings: readonly ReadingRow[]): Promise<void> {
  const rows: { reading: ReadingRow; sample: SampledValue }[] = [];
  for (const reading of readings)
    for (const sample of reading.samples) if (sample.signedData !== '') rows.push({ reading, sample });
  if (rows.length === 0) return;
  await tx.query(
    `insert into signed_reading (tenant, station_id, transaction_ref, evse_number, measured_at, hash, received_at, data,
        encoding, public_key)
      select * from unnest($1::text[], $2::uuid[], $3::text[], $4::int[], $5::timestamptz[], $6::bytea[], $7::timestamptz[],
        $8::text[], $9::text[], $10::text[])
      on conflict on constraint signed_reading_pk do nothing`,
    [
      pgArray.text(rows.map(({ reading }) => reading.tenant)),
      pgArray.uuid(rows.map(({ reading }) => reading.stationId)),
      pgArray.text(rows.map(({ reading }) => reading.transactionRef)),
      pgArray.int4(rows.map(({ reading }) => reading.evseNumber)),
      pgArray.timestamptz(rows.map(({ reading }) => reading.measuredAt)),
      pgArray.bytea(rows.map(({ sample }) => createHash('sha256').update(sample.signedData).digest())),
      pgArray.timestamptz(rows.map(({ reading }) => reading.receivedAt)),
      pgArray.text(rows.map(({ sample }) => sample.signedData)),
      pgArray.text(rows.map(({ sample }) => sample.signedEncoding ?? '')),
      pgArray.text(rows.map(({ sample }) => sample.signedPublicKey ?? '')),
    ],
  );
}

/** As `attachReadings`. */
export async function attachSigned(tx: Tx, tenant: string, attached: AttachedReadings): Promise<void> {
  const { stationId, fromRef, toRef, evseNumber, from, to } = attached;
  await tx.query(
    `insert into signed_reading (tenant, station_id, transaction_ref, evse_number, measured_at, hash, received_at, data,
        encoding, public_key)
      select tenant, station_id, $4, evse_number, measured_at, hash, received_at, data, encoding, public_key
      from signed_reading where tenant = $1 and station_id = $2 and transaction_ref = $3 and evse_number in (0, $5)
        and measured_at between $6 and $7::timestamptz + interval '${LATE_END}'
      on conflict on constraint signed_reading_pk do nothing`,
    [tenant, stationId, fromRef, toRef, evseNumber, from, to],
  );
}

export interface SignedSamples {
  readonly samples: readonly SignedSample[];
  /** There are more, between the first and the last of these. */
  readonly areSome: boolean;
}

/** Which belong to a session: as with its readings (Q29). In time order. */
export async function signedOfSession(
  tx: Tx,
  tenant: string,
  session: KeyedTransaction,
): Promise<SignedSamples> {
  const samples = (await firstSigned(tx, tenant, session)) ?? [];
  if (samples.length <= MOST_SIGNED) return { samples, areSome: false };
  const half = MOST_SIGNED / 2;
  const last = (await selectSigned(tx, tenant, [session], 'desc', half)).map(toSample).reverse();
  return { samples: [...samples.slice(0, half), ...last], areSome: true };
}

/** Of the sessions that close, or are looked at, in one moment; one more than are looked at where there are more. */
const firstSigned = gathered<KeyedTransaction, SignedSample[]>(
  ({ sessionId }) => sessionId,
  async (tx, tenant, sessions) => {
    const rows = await selectSigned(tx, tenant, sessions, 'asc', MOST_SIGNED + 1);
    const grouped = groupBy(rows, (row) => row.session_id);
    return new Map([...grouped].map(([sessionId, found]) => [sessionId, found.map(toSample)]));
  },
);

/** The use of a transaction id without an edge goes on. */
const FROM = `coalesce(use.begins, '-infinity')`;
const UNTIL = `coalesce(use.ends, 'infinity')`;
/** Of the reading that a record was told with; where one of each was read in one moment, as an OCMF record itself says. */
const CONTEXT = `(select case when bool_or(r.context = 'BEGIN') and bool_or(r.context = 'END')
      then case when data like '%"TX":"B"%' then 'BEGIN' when data like '%"TX":"E"%' then 'END' else 'EITHER' end
      when bool_or(r.context = 'BEGIN') then 'BEGIN' when bool_or(r.context = 'END') then 'END' end
    from reading r where r.tenant = $1 and r.station_id = k.station_id and r.transaction_ref = k.transaction_ref
      and r.evse_number = s.evse_number and r.measured_at = s.measured_at)`;
/** As `selectReadings` has it, where another session goes by the same id. What may be of either is of none. */
const IN_USE = `(use.begins is null and use.ends is null or case ${CONTEXT}
    when 'BEGIN' then measured_at >= ${FROM} - ${LEAD} and measured_at < ${UNTIL} - ${LEAD}
    when 'END' then measured_at > ${FROM} and measured_at <= ${UNTIL}
    when 'EITHER' then measured_at > ${FROM} and measured_at < ${UNTIL}
    else measured_at >= ${FROM} and measured_at < ${UNTIL} end)`;

function selectSigned(
  tx: Tx,
  tenant: string,
  sessions: readonly KeyedTransaction[],
  order: 'asc' | 'desc',
  limit: number,
): Promise<(Row & { session_id: string })[]> {
  const of = (condition: string) => `select measured_at, data, encoding, public_key from signed_reading s
    where tenant = $1 and station_id = k.station_id and ${condition}`;
  return tx.query<Row & { session_id: string }>(
    `select k.session_id, found.*
      from unnest($2::uuid[], $3::uuid[], $4::text[], $5::int[], $6::timestamptz[], $7::timestamptz[], $8::bool[])
        as k (session_id, station_id, transaction_ref, evse_number, started_at, ended_at, again)
      ${USE}
      cross join lateral (
        ${of(`transaction_ref = k.transaction_ref and ${IN_USE}`)}
        union all
        ${of(`transaction_ref = '' and evse_number = k.evse_number and k.evse_number > 0 and measured_at >= k.started_at
          and measured_at <= coalesce(k.ended_at + interval '${LATE_END}', 'infinity')`)}
        order by measured_at ${order} limit ${limit}) found
      order by k.session_id, found.measured_at ${order}`,
    [tenant, ...keyColumns(sessions), pgArray.bool(sessions.map(({ ownRef }) => ownRef !== undefined))],
  );
}

function toSample({ measured_at: measuredAt, data, encoding, public_key: publicKey }: Row): SignedSample {
  return { measuredAt, data, encodingMethod: encoding, publicKey };
}

/** Those of the pages that another session of the station has shown. */
export async function shownByOthers(
  tx: Tx,
  tenant: string,
  { stationId, sessionId }: { readonly stationId: string; readonly sessionId: string },
  pages: readonly string[],
): Promise<Set<string>> {
  if (pages.length === 0) return new Set();
  const rows = await tx.query<{ page: string }>(
    `select page from signed_page where tenant = $1 and station_id = $2 and page = any ($3::text[]) and session_id <> $4`,
    [tenant, stationId, pgArray.text(pages.map(hashed)), sessionId],
  );
  const found = new Set(rows.map(({ page }) => page));
  return new Set(pages.filter((page) => found.has(hashed(page))));
}

/** From now on they are of this session; those that are another's stay so. */
export async function claimPages(
  tx: Tx,
  tenant: string,
  { stationId, sessionId }: { readonly stationId: string; readonly sessionId: string },
  pages: readonly string[],
): Promise<void> {
  if (pages.length === 0) return;
  await tx.query(
    `insert into signed_page (tenant, station_id, page, session_id)
      select $1, $2, p, $4 from unnest($3::text[]) p order by p on conflict on constraint signed_page_pk do nothing`,
    [tenant, stationId, pgArray.text([...new Set(pages.map(hashed))]), sessionId],
  );
}

/** A record without a page is named by all of it. */
function hashed(page: string): string {
  return page.length <= MOST_PAGE ? page : createHash('sha256').update(page).digest('hex');
}
