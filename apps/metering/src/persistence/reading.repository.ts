import { groupBy } from '@kilowatch/kernel';
import { gathered, pgArray, unlessAllNull, type Tx } from '@kilowatch/platform';
import type { NormalisedReading, ReadingContext, SampledValue, TimedReading } from '../domain/reading.js';
import { samplesText } from '../domain/sample-text.js';
import { READINGS_CUT, READINGS_THINNED } from '../domain/session-energy.js';
import { hullOf, noteDistant, windowOf, type ReadingWindow } from './reading-window.js';

/** A reading as it is stored: who and when, figures, and the raw samples. */
export interface ReadingRow extends NormalisedReading {
  readonly tenant: string;
  readonly stationId: string;
  readonly transactionRef: string;
  readonly evseNumber: number;
  readonly connectorNumber: number;
  readonly measuredAt: Date;
  readonly receivedAt: Date;
  readonly seqNo: number | undefined;
  readonly offline: boolean;
  readonly sampleHash: bigint;
  readonly samples: readonly SampledValue[];
  /** Of the kinds of the samples (`SampleForm`). */
  readonly sampleCodes: readonly string[] | undefined;
}

/** Which readings belong to a transaction: those that name it, and those of its EVSE and time that name none (Q29). */
export interface TransactionKey {
  readonly stationId: string;
  readonly transactionRef: string;
  /** Where the station used `transactionRef` for an earlier session: of those that name it, only what was measured since the start. */
  readonly ownRef: string | undefined;
  readonly evseNumber: number;
  readonly startedAt: Date;
  readonly endedAt: Date | undefined;
}

export type KeyedTransaction = TransactionKey & { readonly sessionId: string };

/** The arrays side by side in the select list: as a table (`from unnest(...)`) each would be written out and read again first. */
const INSERT = `insert into reading (tenant, station_id, transaction_ref, evse_number, measured_at, sample_hash, context,
    received_at, connector_number, seq_no, offline, energy_import_mwh, energy_export_mwh, power_w, soc_percent,
    current_ma, voltage_mv, offered_current_ma, deviations, samples, energy_interval_mwh, clock_interval_mwh,
    export_interval_mwh, power_export_w, sampled)
  select unnest($1::text[]), unnest($2::uuid[]), unnest($3::text[]), unnest($4::int[]), unnest($5::timestamptz[]),
    unnest($6::bigint[]), unnest($7::text[]), unnest($8::timestamptz[]), unnest($9::int[]), unnest($10::int[]),
    unnest($11::bool[]), unnest($12::bigint[]), unnest($13::bigint[]), unnest($14::int[]), unnest($15::real[]),
    unnest($16::int[]), unnest($17::int[]), unnest($18::int[]), unnest($19::text[]), unnest($20::json[]),
    unnest($21::bigint[]), unnest($22::bigint[]), unnest($23::bigint[]), unnest($24::int[]), unnest($25::text[])`;
const INSERT_MISSING = `${INSERT} on conflict on constraint reading_pk do nothing
  returning tenant, station_id, transaction_ref, evse_number, measured_at, context, sample_hash`;

const COLUMNS = `measured_at, received_at, context, energy_import_mwh, energy_export_mwh, power_w, soc_percent, current_ma, voltage_mv,
  offered_current_ma, deviations, energy_interval_mwh, clock_interval_mwh, export_interval_mwh, power_export_w`;

/** Of a session with more readings than a day has at one every two seconds some are left out, evenly (`thinnedReadings`). */
export const MOST_READINGS = 43_200;
/** Most sessions have fewer. Those of many sessions are in memory at the same time, so that one with more is read by itself. */
const FEW_READINGS = 500;
/** A closing register without a transaction is often read a moment after the end (Q33). */
export const LATE_END = '10 seconds';
/** An opening register is read a moment before the start is written. */
export const LEAD = `interval '10 seconds'`;

interface StoredReading {
  measured_at: Date;
  received_at: Date;
  context: ReadingContext;
  energy_import_mwh: string | null;
  energy_export_mwh: string | null;
  power_w: number | null;
  soc_percent: number | null;
  current_ma: number | null;
  voltage_mv: number | null;
  offered_current_ma: number | null;
  deviations: string | null;
  energy_interval_mwh: string | null;
  clock_interval_mwh: string | null;
  export_interval_mwh: string | null;
  power_export_w: number | null;
}

/**
 * Stores a batch of readings that are all new. One that is stored already, or twice in the batch, is a unique violation, after which the
 * transaction is to be done again with `insertMissing`: looking for each row before it is written costs a third of the statement, and
 * nearly all are new. A month that is made at this moment refuses rows that were on their way to the partition for all else
 * (`isPartitionNew`): then, too, the transaction is to be done again.
 */
export async function insertNew(tx: Tx, rows: readonly ReadingRow[]): Promise<void> {
  await noteDistant(tx, rows);
  await tx.query(INSERT, columnsOf(rows));
}

/** Stores those of a batch that were not there yet, and returns them in the order given. Otherwise as `insertNew`. */
export async function insertMissing(tx: Tx, rows: readonly ReadingRow[]): Promise<ReadingRow[]> {
  await noteDistant(tx, rows);
  const stored = await tx.query<{
    tenant: string;
    station_id: string;
    transaction_ref: string;
    evse_number: number;
    measured_at: Date;
    context: string;
    sample_hash: string;
  }>(INSERT_MISSING, columnsOf(rows));
  const keyOf = (...parts: readonly (string | number | bigint)[]) => parts.join('|');
  const fresh = new Set(
    stored.map((s) =>
      keyOf(
        s.tenant,
        s.station_id,
        s.transaction_ref,
        s.evse_number,
        +s.measured_at,
        s.context,
        s.sample_hash,
      ),
    ),
  );
  // A reading twice in one batch is stored once and is fresh once.
  return rows.filter((r) =>
    fresh.delete(
      keyOf(r.tenant, r.stationId, r.transactionRef, r.evseNumber, +r.measuredAt, r.context, r.sampleHash),
    ),
  );
}

function columnsOf(rows: readonly ReadingRow[]): unknown[] {
  const texts = rows.map(({ samples, sampleCodes }) => sampleCodes && samplesText(samples, sampleCodes));
  return [
    pgArray.text(rows.map((row) => row.tenant)),
    pgArray.uuid(rows.map((row) => row.stationId)),
    pgArray.text(rows.map((row) => row.transactionRef)),
    pgArray.int4(rows.map((row) => row.evseNumber)),
    pgArray.timestamptz(rows.map((row) => row.measuredAt)),
    pgArray.int8(rows.map((row) => row.sampleHash)),
    pgArray.text(rows.map((row) => row.context)),
    pgArray.timestamptz(rows.map((row) => row.receivedAt)),
    pgArray.int4(rows.map((row) => row.connectorNumber)),
    pgArray.int4(unlessAllNull(rows.map((row) => row.seqNo))),
    pgArray.bool(rows.map((row) => row.offline)),
    pgArray.int8(unlessAllNull(rows.map((row) => row.energyImportMwh))),
    pgArray.int8(unlessAllNull(rows.map((row) => row.energyExportMwh))),
    pgArray.int4(unlessAllNull(rows.map((row) => row.powerW))),
    pgArray.float4(unlessAllNull(rows.map((row) => row.socPercent))),
    pgArray.int4(unlessAllNull(rows.map((row) => row.currentMa))),
    pgArray.int4(unlessAllNull(rows.map((row) => row.voltageMv))),
    pgArray.int4(unlessAllNull(rows.map((row) => row.offeredCurrentMa))),
    pgArray.text(
      unlessAllNull(rows.map((row) => (row.deviations.length === 0 ? null : row.deviations.join(',')))),
    ),
    pgArray.json(
      unlessAllNull(rows.map((row, i) => (texts[i] === undefined ? samplesJson(row.samples) : undefined))),
    ),
    pgArray.int8(unlessAllNull(rows.map((row) => row.energyIntervalMwh))),
    pgArray.int8(unlessAllNull(rows.map((row) => row.clockIntervalMwh))),
    pgArray.int8(unlessAllNull(rows.map((row) => row.exportIntervalMwh))),
    pgArray.int4(unlessAllNull(rows.map((row) => row.powerExportW))),
    pgArray.text(texts),
  ];
}

/** The samples as they came, where they have no short text. What a station left out is left out: empty fields would be nearly half of what is stored. */
function samplesJson(samples: readonly SampledValue[]): string {
  return JSON.stringify(
    samples.map((sample) => ({
      value: sample.value,
      context: sample.context || undefined,
      measurand: sample.measurand || undefined,
      phase: sample.phase || undefined,
      location: sample.location || undefined,
      unit: sample.unit || undefined,
      multiplier: sample.multiplier || undefined,
      signedData: sample.signedData || undefined,
      signedEncoding: sample.signedEncoding || undefined,
      signedPublicKey: sample.signedPublicKey || undefined,
    })),
  );
}

/** A row for a month that was made between its routing and its insert. */
export function isPartitionNew(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return code === '23514' && typeof message === 'string' && message.includes('partition constraint');
}

/**
 * A select of the readings of the transaction whose parts are `of` (SQL), of tenant $1, measured in its window. Where another session under
 * the same id begins or ends with it, its begin may be read a moment before its start, and in the moment between the end is of the former.
 */
function selectReadings(
  of: Record<Exclude<keyof TransactionKey, 'ownRef'> | keyof ReadingWindow | 'hull', string>,
): string {
  return `select ${COLUMNS} from reading
      where tenant = $1 and station_id = ${of.stationId} and transaction_ref = ${of.transactionRef}
        and measured_at >= ${of.since} - ${LEAD} and measured_at <= ${of.until} and measured_at between ${of.hull}
        and case context when 'BEGIN' then measured_at < ${of.until} - ${LEAD}
          when 'END' then measured_at > ${of.since}
          else measured_at >= ${of.since} and measured_at < ${of.until} end
    union all
    select ${COLUMNS} from reading
      where tenant = $1 and station_id = ${of.stationId} and transaction_ref = '' and evse_number = ${of.evseNumber}
        and ${of.evseNumber} > 0 and measured_at >= ${of.startedAt} and measured_at between ${of.hull}
        and measured_at <= coalesce(${of.endedAt} + interval '${LATE_END}', 'infinity')
        and (context = 'END' or ${of.endedAt} is null or measured_at <= ${of.endedAt})`;
}

/** $1 to $8 of statements about one transaction. */
async function ofTransaction(tx: Tx, tenant: string, session: KeyedTransaction): Promise<unknown[]> {
  const { stationId, transactionRef, evseNumber, startedAt, endedAt } = session;
  const { since, until } = (await windowOf(tx, tenant, session))!;
  return [tenant, stationId, transactionRef, evseNumber, startedAt, endedAt ?? null, since, until];
}

const OF_ONE = selectReadings({
  stationId: '$2',
  transactionRef: '$3',
  evseNumber: '$4::int',
  startedAt: '$5',
  endedAt: '$6::timestamptz',
  since: '$7::timestamptz',
  until: '$8::timestamptz',
  hull: `$7::timestamptz - ${LEAD} and $8`,
});
/** Of the rows of `k`. Months outside of the window of all of them ($2, $3) the planner leaves out. */
export const OF_EACH = selectReadings({
  stationId: 'k.station_id',
  transactionRef: 'k.transaction_ref',
  evseNumber: 'k.evse_number',
  startedAt: 'k.started_at',
  endedAt: 'k.ended_at',
  since: 'k.since',
  until: 'k.until',
  hull: `$2::timestamptz - ${LEAD} and $3`,
});

/** Readings that are of this transaction, though the station named another one or none: a person says so, or a start that came late. */
export interface AttachedReadings {
  readonly stationId: string;
  /** As the station named it, normalised. */
  readonly fromRef: string;
  readonly toRef: string;
  readonly evseNumber: number;
  readonly from: Date;
  readonly to: Date;
}

/**
 * Puts readings under another transaction too; what the station said stays as it was. Of those that name none, only the message's
 * own: others of the EVSE and time count anyway. Any number of times.
 */
export async function attachReadings(tx: Tx, tenant: string, attached: AttachedReadings): Promise<void> {
  const { stationId, fromRef, toRef, evseNumber, from, to } = attached;
  await tx.query(
    `insert into reading (tenant, station_id, transaction_ref, evse_number, measured_at, sample_hash, context, received_at,
        connector_number, seq_no, offline, energy_import_mwh, energy_export_mwh, power_w, soc_percent, current_ma, voltage_mv,
        offered_current_ma, deviations, samples, energy_interval_mwh, clock_interval_mwh, export_interval_mwh, power_export_w, sampled)
      select tenant, station_id, $4, evse_number, measured_at, sample_hash, context, received_at, connector_number, seq_no,
        offline, energy_import_mwh, energy_export_mwh, power_w, soc_percent, current_ma, voltage_mv, offered_current_ma,
        concat_ws(',', deviations, 'attached'), samples, energy_interval_mwh, clock_interval_mwh, export_interval_mwh,
        power_export_w, sampled
      from reading where tenant = $1 and station_id = $2 and transaction_ref = $3 and evse_number in (0, $5)
        and measured_at between $6 and $7::timestamptz + interval '${LATE_END}'
      on conflict on constraint reading_pk do nothing`,
    [tenant, stationId, fromRef, toRef, evseNumber, from, to],
  );
}

/** All readings of a transaction in time order; of very many some, and then the first of them has the deviation that says so. */
export async function readingsOf(tx: Tx, tenant: string, session: KeyedTransaction): Promise<TimedReading[]> {
  const parameters = await ofTransaction(tx, tenant, session);
  const rows = await tx.query<StoredReading>(
    `${OF_ONE} order by measured_at limit ${MOST_READINGS + 1}`,
    parameters,
  );
  return rows.length <= MOST_READINGS ? rows.map(toReading) : thinnedReadings(tx, parameters);
}

/**
 * Every n-th reading of each kind (with an import register, with an export register, with both, with none), the first and the last of it,
 * the one of most power, and all of begin and end: registers rise, so what they come to is the same, and powers are sampled more rarely.
 * A station that tells thousands of begins and ends is cut off where there are too many all the same.
 */
async function thinnedReadings(tx: Tx, parameters: readonly unknown[]): Promise<TimedReading[]> {
  const most = 2 * MOST_READINGS;
  const rows = await tx.query<StoredReading>(
    `select ${COLUMNS} from (
        select r.*, row_number() over (partition by kind order by measured_at) as n, count(*) over (partition by kind) as of_kind,
          count(*) over () as of_all, row_number() over (order by power_w desc nulls last, measured_at) as by_power
        from (select q.*, (energy_import_mwh is null, energy_export_mwh is null) as kind from (${OF_ONE}) q) r) counted
      where context in ('BEGIN', 'END') or n in (1, of_kind) or by_power = 1 or n % (of_all / ${MOST_READINGS} + 1) = 0
      order by measured_at limit ${most + 1}`,
    parameters,
  );
  const doubt = rows.length > most ? READINGS_CUT : READINGS_THINNED;
  const [first, ...others] = rows.slice(0, most).map(toReading);
  return first ? [{ ...first, deviations: [...first.deviations, doubt] }, ...others] : [];
}

/** The same for the session of a transaction, for many sessions at the same time. */
export async function readingsOfSession(
  tx: Tx,
  tenant: string,
  session: KeyedTransaction,
): Promise<TimedReading[]> {
  const few = (await fewReadings(tx, tenant, session)) ?? [];
  return few.length < FEW_READINGS ? few : readingsOf(tx, tenant, session);
}

const fewReadings = gathered<KeyedTransaction, TimedReading[]>(
  ({ sessionId }) => sessionId,
  async (tx, tenant, sessions) => {
    // The limit makes it a look-up in the key's index for each session, see `sessionIdsOf`.
    const rows = await tx.query<StoredReading & { session_id: string }>(
      `select k.session_id, reading.* from ${EACH}
        cross join lateral (${OF_EACH} order by measured_at limit ${FEW_READINGS}) reading
        order by k.session_id, reading.measured_at`,
      await ofEach(tx, tenant, sessions),
    );
    const ofSession = groupBy(rows, (row) => row.session_id);
    return new Map([...ofSession].map(([sessionId, readings]) => [sessionId, readings.map(toReading)]));
  },
);

/** The sessions of a statement, as `k`: $4 to $11. */
export const EACH = `unnest($4::uuid[], $5::uuid[], $6::text[], $7::int[], $8::timestamptz[], $9::timestamptz[], $10::timestamptz[],
  $11::timestamptz[]) as k (session_id, station_id, transaction_ref, evse_number, started_at, ended_at, since, until)`;

/** Arrays of the sessions of a statement: id, station, transaction, EVSE, start, end. */
export function keyColumns(sessions: readonly KeyedTransaction[]): Buffer[] {
  return [
    pgArray.uuid(sessions.map(({ sessionId }) => sessionId)),
    pgArray.uuid(sessions.map(({ stationId }) => stationId)),
    pgArray.text(sessions.map(({ transactionRef }) => transactionRef)),
    pgArray.int4(sessions.map(({ evseNumber }) => evseNumber)),
    pgArray.timestamptz(sessions.map(({ startedAt }) => startedAt)),
    pgArray.timestamptz(sessions.map(({ endedAt }) => endedAt)),
  ];
}

/** $1 to $11 of statements over `EACH` and `OF_EACH`. */
export async function ofEach(
  tx: Tx,
  tenant: string,
  sessions: readonly KeyedTransaction[],
): Promise<unknown[]> {
  const windows = await Promise.all(sessions.map(async (session) => (await windowOf(tx, tenant, session))!));
  const hull = hullOf(windows);
  return [
    tenant,
    hull.since,
    hull.until,
    ...keyColumns(sessions),
    pgArray.timestamptz(windows.map(({ since }) => since)),
    pgArray.timestamptz(windows.map(({ until }) => until)),
  ];
}

/**
 * The first and the last readings of a transaction: what a live view needs. OCPP 2.0.1 names the EVSE in the first message
 * alone, so the others stand under EVSE 0; those that name no transaction (Q29) count by EVSE and time. Each of the three is looked up
 * by itself: that is what the key gives in time order.
 */
export async function liveReadingsOf(
  tx: Tx,
  tenant: string,
  session: KeyedTransaction,
): Promise<TimedReading[]> {
  const of = `select ${COLUMNS} from reading where tenant = $1 and station_id = $2 and transaction_ref = under.ref
    and evse_number = under.evse and measured_at between under.since and under.until and measured_at between $7 and $8`;
  const rows = await tx.query<StoredReading>(
    `select reading.* from (select $3, 0, $7::timestamptz, $8::timestamptz
        union select $3, $4::int, $7, $8
        union select '', nullif($4::int, 0), $5::timestamptz, coalesce($6::timestamptz, 'infinity'))
        under (ref, evse, since, until)
      cross join lateral (
        (${of} order by measured_at limit 2) union all (${of} order by measured_at desc limit 60)) reading`,
    await ofTransaction(tx, tenant, session),
  );
  return rows.map(toReading).sort((a, b) => a.at.getTime() - b.at.getTime());
}

function toReading(row: StoredReading): TimedReading {
  return {
    at: row.measured_at,
    receivedAt: row.received_at,
    context: row.context,
    ...(row.energy_import_mwh === null ? {} : { energyImportMwh: Number(row.energy_import_mwh) }),
    ...(row.energy_export_mwh === null ? {} : { energyExportMwh: Number(row.energy_export_mwh) }),
    ...(row.power_w === null ? {} : { powerW: row.power_w }),
    ...(row.soc_percent === null ? {} : { socPercent: row.soc_percent }),
    ...(row.current_ma === null ? {} : { currentMa: row.current_ma }),
    ...(row.voltage_mv === null ? {} : { voltageMv: row.voltage_mv }),
    ...(row.offered_current_ma === null ? {} : { offeredCurrentMa: row.offered_current_ma }),
    ...(row.energy_interval_mwh === null ? {} : { energyIntervalMwh: Number(row.energy_interval_mwh) }),
    ...(row.clock_interval_mwh === null ? {} : { clockIntervalMwh: Number(row.clock_interval_mwh) }),
    ...(row.export_interval_mwh === null ? {} : { exportIntervalMwh: Number(row.export_interval_mwh) }),
    ...(row.power_export_w === null ? {} : { powerExportW: row.power_export_w }),
    deviations: row.deviations === null ? [] : row.deviations.split(','),
  };
}
