import type { Tx } from '@kilowatch/platform';
import type { CarSchedule } from '../domain/car-schedule.js';
import type { ChargingNeeds } from '../domain/charging-needs.js';
import type { HeldNeeds } from '../domain/needs-of-sessions.js';

/** What the car at an EVSE told, and what it made of its schedule. */
export interface CarRow extends HeldNeeds {
  readonly carSchedule: CarSchedule | null;
  readonly carScheduleAt: Date | null;
  readonly carScheduleFits: boolean | null;
  /** Schedules of the car that did not fit, one after another. */
  readonly carRefusals: number;
}

export interface CarPlace {
  readonly tenant: string;
  readonly locationId: string;
  readonly stationId: string;
  readonly evseNumber: number;
  readonly sessionId: string | null;
}

interface Row {
  station_id: string;
  evse_number: number;
  session_id: string | null;
  needs: (Omit<ChargingNeeds, 'departureAt'> & { departureAt: string | null }) | null;
  needs_no: string;
  told_at: Date;
  car_schedule: (Omit<CarSchedule, 'timeBase'> & { timeBase: string }) | null;
  car_schedule_at: Date | null;
  car_schedule_fits: boolean | null;
  car_refusals: number;
}

/** New needs, which are numbered, take the place of older ones; what the car had planned was for those. */
export async function saveNeeds(tx: Tx, place: CarPlace, needs: ChargingNeeds, toldAt: Date): Promise<void> {
  await tx.query(
    `insert into car_needs as held (tenant, station_id, evse_number, location_id, session_id, needs, needs_no, told_at)
      values ($1, $2, $3, $4, $5, $6, 1, $7)
      on conflict on constraint car_needs_pk do update set location_id = excluded.location_id, session_id = excluded.session_id,
        needs = excluded.needs, needs_no = held.needs_no + 1, told_at = excluded.told_at, car_schedule = null,
        car_schedule_at = null, car_schedule_fits = null, car_refusals = 0
      where held.told_at <= excluded.told_at`,
    [
      place.tenant,
      place.stationId,
      place.evseNumber,
      place.locationId,
      place.sessionId,
      JSON.stringify(needs),
      toldAt,
    ],
  );
}

/** Also of a car that told no needs, when its session is known. */
export async function saveCarSchedule(
  tx: Tx,
  place: CarPlace,
  schedule: CarSchedule,
  fits: boolean,
  at: Date,
): Promise<void> {
  await tx.query(
    `insert into car_needs as held (tenant, station_id, evse_number, location_id, session_id, needs_no, told_at, car_schedule,
        car_schedule_at, car_schedule_fits, car_refusals)
      values ($1, $2, $3, $4, $5, 0, $8, $6, $8, $7, case when $7 then 0 else 1 end)
      on conflict on constraint car_needs_pk do update set car_schedule = excluded.car_schedule,
        car_schedule_at = excluded.car_schedule_at, car_schedule_fits = excluded.car_schedule_fits,
        car_refusals = case when excluded.car_schedule_fits then 0 else held.car_refusals + 1 end
      where held.car_schedule_at is null or held.car_schedule_at <= excluded.car_schedule_at`,
    [
      place.tenant,
      place.stationId,
      place.evseNumber,
      place.locationId,
      place.sessionId,
      JSON.stringify(schedule),
      fits,
      at,
    ],
  );
}

export async function carAt(
  tx: Tx,
  tenant: string,
  stationId: string,
  evseNumber: number,
): Promise<CarRow | undefined> {
  const rows = await tx.query<Row>(
    'select * from car_needs where tenant = $1 and station_id = $2 and evse_number = $3',
    [tenant, stationId, evseNumber],
  );
  return rows[0] && toCar(rows[0]);
}

/** EVSEs of a station whose cars wait for their session. */
export async function waitingAt(tx: Tx, tenant: string, stationId: string): Promise<number> {
  const [row] = await tx.query<{ waiting: string }>(
    'select count(*) as waiting from car_needs where tenant = $1 and station_id = $2 and session_id is null',
    [tenant, stationId],
  );
  return Number(row?.waiting ?? 0);
}

export async function carsOfSite(tx: Tx, tenant: string, locationId: string): Promise<CarRow[]> {
  const rows = await tx.query<Row>('select * from car_needs where tenant = $1 and location_id = $2', [
    tenant,
    locationId,
  ]);
  return rows.map(toCar);
}

/** By session. */
export async function carsOfSessions(
  tx: Tx,
  tenant: string,
  sessionIds: readonly string[],
): Promise<Map<string, CarRow>> {
  const rows = await tx.query<Row>(
    'select * from car_needs where tenant = $1 and session_id = any($2::uuid[])',
    [tenant, sessionIds],
  );
  return new Map(rows.map((row) => [row.session_id!, toCar(row)]));
}

export async function bindNeeds(
  tx: Tx,
  tenant: string,
  { stationId, evseNumber }: HeldNeeds,
  sessionId: string,
): Promise<void> {
  await tx.query(
    'update car_needs set session_id = $4 where tenant = $1 and station_id = $2 and evse_number = $3',
    [tenant, stationId, evseNumber, sessionId],
  );
}

export async function dropNeeds(tx: Tx, tenant: string, { stationId, evseNumber }: HeldNeeds): Promise<void> {
  await tx.query('delete from car_needs where tenant = $1 and station_id = $2 and evse_number = $3', [
    tenant,
    stationId,
    evseNumber,
  ]);
}

function toCar(row: Row): CarRow {
  const { needs, car_schedule: carSchedule } = row;
  const { departureAt = null } = needs ?? {};
  return {
    stationId: row.station_id,
    evseNumber: row.evse_number,
    sessionId: row.session_id,
    needs: needs && { ...needs, departureAt: departureAt === null ? null : new Date(departureAt) },
    no: Number(row.needs_no),
    toldAt: row.told_at,
    carSchedule: carSchedule && { ...carSchedule, timeBase: new Date(carSchedule.timeBase) },
    carScheduleAt: row.car_schedule_at,
    carScheduleFits: row.car_schedule_fits,
    carRefusals: row.car_refusals,
  };
}
