import { randomUUID } from 'node:crypto';
import { billing, metering, sessions } from '@kilowatch/contracts';

const HOUR = 3_600_000;

export function aLocation(i: number, over: Partial<sessions.Location> = {}): sessions.Location {
  const at = new Date(Date.parse('2026-03-01T10:00:00Z') + i * HOUR);
  return sessions.Location.fromPartial({
    locationId: randomUUID(),
    name: `Garage ${i}`,
    address: 'Stroomkade 1',
    city: 'Amsterdam',
    postalCode: '1011 AB',
    country: 'NLD',
    latitude: 52.37,
    longitude: 4.89,
    timeZone: 'Europe/Amsterdam',
    published: true,
    lastUpdated: at,
    stations: [
      {
        stationId: randomUUID(),
        identity: `CP-${i}`,
        name: `Post ${i}`,
        online: i !== 0,
        lastUpdated: at,
        evses: [
          {
            evseId: randomUUID(),
            number: 1,
            status: 'CHARGING',
            lastUpdated: at,
            connectors: [
              {
                connectorId: randomUUID(),
                number: 1,
                standard: 'IEC_62196_T2',
                powerType: 'AC_3_PHASE',
                maxVoltageV: 230,
                maxCurrentA: 32,
                lastUpdated: at,
              },
            ],
          },
        ],
      },
    ],
    ...over,
  });
}

const TARIFF = {
  elements: [{ price_components: [{ type: 'ENERGY', price: '0.2500', vat: '21', step_size: 1 }] }],
  idle_grace_minutes: 10,
};
export function aTariff(tariffId: string, isDefault: boolean): billing.Tariff {
  return {
    tariffId,
    version: 1,
    name: tariffId,
    currency: 'EUR',
    ocpiJson: JSON.stringify(TARIFF),
    lastUpdated: new Date('2026-03-01T10:00:00Z'),
    isDefault,
  };
}

export function aSnapshot(
  location: sessions.Location,
  over: Partial<sessions.SessionSnapshot> = {},
): sessions.SessionSnapshot {
  const station = location.stations[0]!;
  const evse = station.evses[0]!;
  return sessions.SessionSnapshot.fromPartial({
    sessionId: randomUUID(),
    status: 'ACTIVE',
    chargingState: 'CHARGING',
    stationId: station.stationId,
    locationId: location.locationId,
    evseId: evse.evseId,
    connectorId: evse.connectors[0]!.connectorId,
    tokenId: randomUUID(),
    tokenType: 'ISO14443',
    startMethod: 'RFID',
    startedAt: new Date('2026-03-01T10:00:00Z'),
    ...over,
  });
}

export function aCdr(snapshot: sessions.SessionSnapshot): billing.Cdr {
  const [from, to] = [new Date('2026-03-01T10:00:00Z'), new Date('2026-03-01T11:00:00Z')];
  return billing.Cdr.fromPartial({
    cdrId: randomUUID(),
    sessionId: snapshot.sessionId,
    locationId: snapshot.locationId,
    evseId: snapshot.evseId,
    connectorId: snapshot.connectorId,
    tokenId: snapshot.tokenId,
    tokenType: snapshot.tokenType,
    authMethod: 'AUTH_REQUEST',
    startedAt: from,
    endedAt: to,
    energyMwh: 10_000_000,
    chargingSeconds: 3600,
    currency: 'EUR',
    totalExclVat: '2.50',
    totalVat: '0.53',
    totalInclVat: '3.03',
    energyExclVat: '2.50',
    energyInclVat: '3.03',
    tariffOcpiJson: JSON.stringify(TARIFF),
    tariffId: 't1',
    tariffVersion: 1,
    periods: [{ from, to, energyMwh: 10_000_000, kind: 'CHARGING' }],
    invoiceNumber: 'KW-2026-000001',
    lastUpdated: new Date('2026-03-01T11:01:00Z'),
  });
}

/** What metering said of the session of a CDR. */
export function aMetered({ sessionId, energyMwh }: billing.Cdr): metering.SessionMetered {
  const verdict = metering.EnergyVerdict.ENERGY_VERDICT_MEASURED;
  return metering.SessionMetered.fromPartial({ sessionId, energyMwh, verdict });
}
