import type { billing } from '@kilowatch/contracts';
import type { Amount } from '@kilowatch/pricing';
import { priceLines, shownMoney } from '../domain/cost-lines.js';
import type { Stored } from '../domain/stored.js';
import type { CdrRecord } from '../persistence/cdr.repository.js';
import { ocpiJson } from './tariff-message.js';

/** OCPI auth_method: how this session was really authorised, never one word for all. */
const AUTH_METHODS: Readonly<Record<string, string>> = {
  RFID: 'AUTH_REQUEST',
  COMMAND: 'COMMAND',
  OFFLINE: 'WHITELIST',
};

/** A CDR as other services read it. GRACE periods are neither charging nor billed idle. */
export function cdrMessage(record: CdrRecord): billing.Cdr {
  const { document: cdr, snapshot } = record;
  const { components, currency, price } = cdr;
  const text = (amount: string) => shownMoney(amount, currency).amount;
  const pair = (amount: Stored<Amount>) => [text(amount.excl), text(amount.incl)] as const;
  const [energyExclVat, energyInclVat] = pair(components.energy);
  const [timeExclVat, timeInclVat] = pair(components.time);
  const [parkingExclVat, parkingInclVat] = pair(components.parking);
  const [fixedExclVat, fixedInclVat] = pair(components.fixed);
  const [reservationExclVat, reservationInclVat] =
    cdr.reservedMs > 0 ? pair(components.reservation) : ['', ''];
  return {
    cdrId: record.id,
    sessionId: record.sessionId,
    accountId: record.accountId,
    stationId: snapshot.stationId,
    locationId: snapshot.locationId,
    evseId: snapshot.evseId,
    connectorId: snapshot.connectorId,
    tokenId: snapshot.tokenId,
    tokenMasked: snapshot.tokenMasked,
    tokenType: snapshot.tokenType,
    authMethod: AUTH_METHODS[snapshot.startMethod] ?? 'AUTH_REQUEST',
    startedAt: new Date(cdr.start),
    endedAt: new Date(cdr.end),
    energyMwh: cdr.energyMwh,
    chargingSeconds: chargingSeconds(cdr),
    idleSeconds: idleSeconds(cdr),
    currency,
    totalExclVat: text(cdr.total.excl),
    totalVat: text(cdr.total.vat),
    totalInclVat: text(cdr.total.incl),
    ...{ energyExclVat, energyInclVat, timeExclVat, timeInclVat },
    ...{ parkingExclVat, parkingInclVat, fixedExclVat, fixedInclVat },
    tariffOcpiJson: ocpiJson(cdr.tariffDocument, new Date(cdr.start)),
    tariffId: cdr.tariffId,
    tariffVersion: cdr.tariffVersion,
    periods: price.periods.map(({ start, end, energyMwh, kind }) => ({
      from: new Date(start),
      to: new Date(end),
      energyMwh,
      kind,
    })),
    lines: priceLines(price).map((line) => ({
      dimension: line.dimension,
      quantity: line.quantity,
      unit: line.unit,
      unitPrice: line.unitPrice,
      vatPercent: line.vatPercent,
      exclVat: line.exclVat.amount,
      vat: line.vat.amount,
      inclVat: line.inclVat.amount,
    })),
    invoiceNumber: record.invoiceNumber ?? '',
    timeZone: cdr.timeZone,
    lastUpdated: record.issuedAt,
    creditOf: record.creditOf ?? '',
    revision: record.revision,
    remark: cdr.remark ?? '',
    reservationId: cdr.reservationId ?? '',
    ...{ reservationExclVat, reservationInclVat },
  };
}

type Times = Pick<CdrRecord['document'], 'chargingMs' | 'heldMs' | 'idleMs'>;

/** Charging time is also when the station holds back (docs/ocpi-notes.md R4). */
export const chargingSeconds = (cdr: Times) => Math.round((cdr.chargingMs + cdr.heldMs) / 1000);
/** Billed idle. */
export const idleSeconds = (cdr: Times) => Math.round(cdr.idleMs / 1000);
