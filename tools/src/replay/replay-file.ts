import { basename } from 'node:path';
import { waitFor } from '@kilowatch/testing';
import type { GraphqlClient } from '../client/graphql-client.js';
import { importStations, importTokens } from '../seed/seed-demo.js';
import { expectedSessions, type ExpectedSession } from './expected-sessions.js';
import { inventoryOf } from './inventory.js';
import { playConnection } from './play-connection.js';
import { readRecording, type RecordedConnection } from './recording.js';

export interface ReplayTarget {
  readonly operator: GraphqlClient;
  readonly ocppUrl: string;
  readonly say: (line: string) => void;
}

interface FoundSession {
  readonly id: string;
  readonly state: string;
  readonly startedAt: string;
  readonly energyWh: number | null;
  readonly energyStatus: string | null;
}

/** Provisions what a recording needs, plays it, and compares answers and sessions. Returns the number of problems. */
export async function replayFile(file: string, target: ReplayTarget): Promise<number> {
  const connections = readRecording(file);
  const inventory = inventoryOf(connections);
  await provision(target.operator, inventory);
  const problems: string[] = [];
  let calls = 0;
  let answered = 0;
  // Stations side by side, the connections of one station one after the other, as recorded.
  const byStation = groupByStation(connections);
  const refused = new Set<RecordedConnection>();
  await Promise.all(
    [...byStation.values()].map(async (ofStation) => {
      for (const connection of ofStation) {
        const result = await playConnection(connection, target.ocppUrl);
        calls += result.calls;
        answered += result.answered;
        problems.push(...result.problems);
        if (result.refused !== undefined) {
          refused.add(connection);
          target.say(`  ${connection.station}: ${connection.protocol} refused with HTTP ${result.refused}`);
        }
      }
    }),
  );
  const expected = expectedSessions(connections.filter((connection) => !refused.has(connection)));
  for (const session of expected) problems.push(...(await judge(target.operator, session)));
  target.say(
    `${basename(file)}: ${connections.length} connections, ${answered} of ${calls} calls answered, ` +
      `${expected.length} sessions, ${problems.length} problems`,
  );
  problems.forEach((problem) => target.say(`  ${problem}`));
  return problems.length;
}

function groupByStation(connections: readonly RecordedConnection[]): Map<string, RecordedConnection[]> {
  const groups = new Map<string, RecordedConnection[]>();
  for (const connection of connections) {
    const key = connection.station.toLowerCase();
    groups.set(key, [...(groups.get(key) ?? []), connection]);
  }
  return groups;
}

async function provision(operator: GraphqlClient, inventory: ReturnType<typeof inventoryOf>): Promise<void> {
  await importTokens(
    operator,
    inventory.tokens.map((token) => ({ ...token, allowConcurrent: true })),
  );
  await importStations(
    operator,
    inventory.stations.map((station) => ({
      identity: station.identity,
      location: 'Replay',
      securityProfile: 0,
      password: null,
      connectors: station.connectors.map((connector) => ({ ...connector, maxCurrentA: 32 })),
    })),
  );
}

async function judge(operator: GraphqlClient, expected: ExpectedSession): Promise<string[]> {
  const where = `${expected.station} session of ${expected.startedAt}`;
  try {
    const found = await waitFor(where, () => find(operator, expected), { timeoutMs: 20_000, everyMs: 100 });
    if (expected.ended && found.state !== 'ENDED')
      return [`${where}: is ${found.state}, the charger ended it`];
    if (expected.energyWh !== undefined && found.energyWh !== expected.energyWh) {
      return [
        `${where}: the charger counted ${expected.energyWh} Wh, Kilowatch ${found.energyWh} Wh (${found.energyStatus})`,
      ];
    }
    return [];
  } catch {
    const found = await candidate(operator, expected);
    return [
      `${where}: ${found ? `stays ${found.state} with ${found.energyStatus} energy ${found.energyWh} Wh, expected ${expected.energyWh} Wh` : 'is not there'}`,
    ];
  }
}

/** The session once its energy is what was expected, or settled. */
async function find(operator: GraphqlClient, expected: ExpectedSession): Promise<FoundSession | undefined> {
  const session = await candidate(operator, expected);
  if (!session) return undefined;
  const settled =
    !expected.ended ||
    (session.state === 'ENDED' && session.energyStatus !== 'RUNNING' && session.energyWh !== null);
  return settled ? session : undefined;
}

async function candidate(
  operator: GraphqlClient,
  expected: ExpectedSession,
): Promise<FoundSession | undefined> {
  const stations = await operator.request<{
    stations: { edges: { node: { id: string; identity: string } }[] };
  }>(
    'query($search: String!) { stations(first: 100, filter: { search: $search }) { edges { node { id identity } } } }',
    { search: expected.station },
  );
  const stationId = stations.stations.edges.find(
    ({ node }) => node.identity.toLowerCase() === expected.station.toLowerCase(),
  )?.node.id;
  if (!stationId) return undefined;
  const answer = await operator.request<{ sessions: { edges: { node: FoundSession }[] } }>(
    `query($stationId: ID!) { sessions(first: 50, filter: { stationId: $stationId }) {
      edges { node { id state startedAt energyWh energyStatus } } } }`,
    { stationId },
  );
  const startedAt = Date.parse(expected.startedAt);
  return answer.sessions.edges.find(({ node }) => Math.abs(Date.parse(node.startedAt) - startedAt) < 1000)
    ?.node;
}
