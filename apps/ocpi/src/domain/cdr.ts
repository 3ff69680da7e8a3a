/**
 * CDRs (OCPI 2.2.1 mod_cdrs) from billing's, with the periods the price was made of so that a partner can compute it
 * again. Charging time is total_time - total_parking_time (docs/ocpi-notes.md R4), so a period in which we held the
 * power back (HELD) is TIME too; idle time within the grace is neither TIME nor PARKING_TIME.
 */
import { authMethod, cdrToken } from './cdr-token.js';
import { connectorFormat, type LocationSource } from './location.js';
import { evseId } from './evse-id.js';
import { tariffObject } from './tariff.js';
import {
  dateTime,
  hoursOf,
  kwhOf,
  NOT_APPLICABLE,
  numberOf,
  present,
  priceOf,
  text,
  type Party,
} from './values.js';

export interface CdrPeriodSource {
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  readonly energyMwh: number;
  readonly kind: string;
}

export interface CdrSource {
  readonly cdrId: string;
  readonly sessionId: string;
  readonly locationId: string;
  readonly evseId: string;
  readonly connectorId: string;
  readonly tokenId: string;
  readonly tokenType: string;
  readonly authMethod: string;
  readonly startedAt?: Date | undefined;
  readonly endedAt?: Date | undefined;
  readonly energyMwh: number;
  readonly idleSeconds: number;
  readonly currency: string;
  readonly totalExclVat: string;
  readonly totalInclVat: string;
  readonly energyExclVat: string;
  readonly energyInclVat: string;
  readonly timeExclVat: string;
  readonly timeInclVat: string;
  readonly parkingExclVat: string;
  readonly parkingInclVat: string;
  readonly fixedExclVat: string;
  readonly fixedInclVat: string;
  readonly tariffOcpiJson: string;
  readonly tariffId: string;
  readonly periods: readonly CdrPeriodSource[];
  /** Of a reservation that no session used; empty: of a session. */
  readonly reservationId: string;
  readonly reservationExclVat: string;
  readonly reservationInclVat: string;
  readonly invoiceNumber: string;
  /** Id of the CDR that this one takes back; empty: it is none of these. */
  readonly creditOf: string;
  /** Why a person had a hand in it. */
  readonly remark: string;
  readonly lastUpdated?: Date | undefined;
}

/** Where it was, as it is frozen into the CDR. */
export type CdrLocation = ReturnType<typeof cdrLocation>;

/** `location` undefined: sessions does not know it any more; then only the ids remain. */
export function cdrLocation(cdr: CdrSource, location: LocationSource | undefined, party: Party) {
  // Of a reservation that no session used it is not told (R5).
  const evseOf = cdr.reservationId ? '' : cdr.evseId;
  const station = location?.stations.find((candidate) =>
    candidate.evses.some((evse) => evse.evseId === evseOf),
  );
  const evse = station?.evses.find((candidate) => candidate.evseId === cdr.evseId);
  const connector = evse?.connectors.find((candidate) => candidate.connectorId === cdr.connectorId);
  const standard = connector?.standard ?? 'IEC_62196_T2';
  const powerType = connector?.powerType ?? 'AC_3_PHASE';
  return {
    id: cdr.locationId || NOT_APPLICABLE,
    ...present({ name: location ? text(location.name, 255) : undefined }),
    address: text(location?.address ?? '', 45),
    city: text(location?.city ?? '', 45),
    ...present({ postal_code: location?.postalCode.trim() ? text(location.postalCode, 10) : undefined }),
    country: location?.country.toUpperCase() ?? NOT_APPLICABLE,
    coordinates: {
      latitude: (location?.latitude ?? 0).toFixed(6),
      longitude: (location?.longitude ?? 0).toFixed(6),
    },
    evse_uid: cdr.reservationId ? NOT_APPLICABLE : cdr.evseId || NOT_APPLICABLE,
    evse_id: station && evse ? evseId(party, station.identity, evse.number, evse.evseId) : NOT_APPLICABLE,
    connector_id: cdr.reservationId ? NOT_APPLICABLE : cdr.connectorId || NOT_APPLICABLE,
    connector_standard: standard,
    connector_format: connectorFormat(standard, powerType),
    connector_power_type: powerType,
  };
}

export function cdrObject(cdr: CdrSource, location: CdrLocation, party: Party) {
  const updated = cdr.lastUpdated ?? new Date(0);
  const start = cdr.startedAt ?? updated;
  const end = cdr.endedAt ?? updated;
  const tariff = cdr.tariffOcpiJson
    ? tariffObject(
        { tariffId: cdr.tariffId, currency: cdr.currency, ocpiJson: cdr.tariffOcpiJson, lastUpdated: start },
        party,
      )
    : undefined;
  return {
    country_code: party.countryCode,
    party_id: party.partyId,
    id: cdr.cdrId,
    start_date_time: dateTime(start),
    end_date_time: dateTime(end),
    // A reservation that no session used has none (R5).
    ...present({ session_id: cdr.reservationId ? undefined : cdr.sessionId }),
    cdr_token: cdrToken(party, cdr.tokenId, cdr.tokenType),
    auth_method: authMethod(cdr.authMethod),
    cdr_location: location,
    currency: cdr.currency,
    ...present({ tariffs: tariff && [tariff] }),
    charging_periods: periodsOf(cdr, start, end),
    total_cost: priceOf(cdr.totalExclVat || '0', cdr.totalInclVat)!,
    ...present({ total_fixed_cost: priceOf(cdr.fixedExclVat, cdr.fixedInclVat) }),
    total_energy: kwhOf(cdr.energyMwh),
    ...present({ total_energy_cost: priceOf(cdr.energyExclVat, cdr.energyInclVat) }),
    total_time: hoursOf((end.getTime() - start.getTime() - reservedMs(cdr.periods)) / 1000),
    ...present({ total_time_cost: priceOf(cdr.timeExclVat, cdr.timeInclVat) }),
    total_parking_time: hoursOf(cdr.idleSeconds),
    ...present({ total_parking_cost: priceOf(cdr.parkingExclVat, cdr.parkingInclVat) }),
    ...present({ total_reservation_cost: priceOf(cdr.reservationExclVat, cdr.reservationInclVat) }),
    ...present({ remark: cdr.remark ? text(cdr.remark, 255) : undefined }),
    ...present({ invoice_reference_id: cdr.invoiceNumber ? text(cdr.invoiceNumber, 39) : undefined }),
    ...(cdr.creditOf ? { credit: true, credit_reference_id: cdr.creditOf } : {}),
    last_updated: dateTime(updated),
  };
}

function periodsOf(cdr: CdrSource, start: Date, end: Date) {
  const periods =
    cdr.periods.length > 0
      ? cdr.periods
      : [{ from: start, to: end, energyMwh: cdr.energyMwh, kind: 'CHARGING' }];
  return periods.map((period) => ({
    start_date_time: dateTime(period.from ?? start),
    dimensions: dimensionsOf(period),
    ...present({ tariff_id: cdr.tariffId || undefined }),
  }));
}

/** Kept before the session: no part of its time (R4). */
function reservedMs(periods: readonly CdrPeriodSource[]): number {
  const reserved = periods.filter(({ kind }) => kind === 'RESERVED');
  return reserved.reduce((sum, { from, to }) => sum + (to?.getTime() ?? 0) - (from?.getTime() ?? 0), 0);
}

function dimensionsOf(period: CdrPeriodSource): { type: string; volume: number }[] {
  const hours = period.from && period.to ? hoursOf((period.to.getTime() - period.from.getTime()) / 1000) : 0;
  if (period.kind === 'RESERVED') return [{ type: 'RESERVATION_TIME', volume: hours }];
  const energy = { type: 'ENERGY', volume: kwhOf(period.energyMwh) };
  if (period.kind === 'CHARGING' || period.kind === 'HELD') return [energy, { type: 'TIME', volume: hours }];
  const moved = period.energyMwh > 0 ? [energy] : [];
  if (period.kind === 'IDLE') return [...moved, { type: 'PARKING_TIME', volume: hours }];
  return moved.length > 0 ? moved : [{ type: 'ENERGY', volume: numberOf('0') }];
}
