import type { OcppVersion } from '@kilowatch/ocpp';
import { importTokens } from '../seed/seed-demo.js';
import { DEMO_STATION_PASSWORD } from '../seed/demo-data.js';
import { hasPassword, type Cards, type Provisioned, type World } from './case-context.js';
import type { ConformanceCase } from './conformance-case.js';
import { mutate } from './platform-view.js';

/** What the API takes at a time, with room. */
const BATCH = 100;
const LOCATION = 'Conformance';

interface ImportedStation {
  readonly id: string;
  readonly identity: string;
  readonly evses: readonly { readonly number: number; readonly connectors: { readonly id: string }[] }[];
}

/** A station of its own with two EVSEs, and cards of its own, for each case. */
export async function provisionCases(
  { operator }: World,
  version: OcppVersion,
  cases: readonly ConformanceCase[],
): Promise<ReadonlyMap<ConformanceCase, Provisioned>> {
  const short = version.replaceAll('.', '');
  const cards = cases.map((_each, i) => cardsOf(short, i));
  for (let from = 0; from < cases.length; from += BATCH)
    await importTokens(operator, cards.slice(from, from + BATCH).flatMap(tokensOf));
  const provisioned = new Map<ConformanceCase, Provisioned>();
  for (let from = 0; from < cases.length; from += BATCH) {
    const batch = cases.slice(from, from + BATCH);
    const stations = await importBatch(
      operator,
      batch.map((each) => stationOf(identityOf(short, each), each)),
    );
    batch.forEach((each, i) => {
      const { id, identity, evses } = stations[i]!;
      const byNumber = [...evses].sort((a, b) => a.number - b.number);
      provisioned.set(each, {
        identity,
        stationId: id,
        connectorIds: byNumber.map(({ connectors }) => connectors[0]!.id),
        cards: cards[from + i]!,
      });
      if (!identity.endsWith(each.id)) throw new Error(`stations came back in another order: ${identity}`);
    });
  }
  for (const each of cases) {
    if (each.registration) {
      const input = { stationId: provisioned.get(each)!.stationId, registration: each.registration };
      await mutate(operator, 'setStationRegistration', 'station { id }', input);
    }
  }
  return provisioned;
}

function identityOf(short: string, { id }: ConformanceCase): string {
  return `CONF-${short}-${id}`;
}

function cardsOf(short: string, index: number): Cards {
  const number = `${short}${String(index).padStart(4, '0')}`;
  return {
    card: `A${number}`,
    fellow: `B${number}`,
    group: `GRP${number}`,
    blocked: `C${number}`,
    expired: `D${number}`,
    unknown: `F${number}`,
  };
}

function tokensOf({ card, fellow, group, blocked, expired }: Cards): Record<string, unknown>[] {
  return [
    { value: card, groupId: group },
    { value: fellow, groupId: group },
    { value: blocked, status: 'BLOCKED' },
    { value: expired, expiresAt: '2024-01-01T00:00:00Z' },
  ];
}

function stationOf(
  identity: string,
  { securityProfile = 0, ownSite }: ConformanceCase,
): Record<string, unknown> {
  return {
    identity,
    location: ownSite ? identity : LOCATION,
    securityProfile,
    password: hasPassword(securityProfile) ? DEMO_STATION_PASSWORD : null,
    connectors: [1, 2].map((evseNumber) => ({ evseNumber, number: 1, maxCurrentA: 32 })),
  };
}

async function importBatch(
  operator: World['operator'],
  stations: readonly Record<string, unknown>[],
): Promise<readonly ImportedStation[]> {
  const imported = await mutate<{
    problems: { index: number; message: string }[];
    stations: ImportedStation[];
  }>(
    operator,
    'importStations',
    'problems { index message } stations { id identity evses { number connectors { id } } }',
    {
      locations: [...new Set(stations.map(({ location }) => location))].map((name) => ({
        name,
        city: 'Testville',
        published: true,
      })),
      stations,
    },
  );
  const [problem] = imported.problems;
  if (problem) throw new Error(`station ${problem.index} was not imported: ${problem.message}`);
  return imported.stations;
}
