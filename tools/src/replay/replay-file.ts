import { basename } from 'node:path';
import { groupBy } from '@kilowatch/kernel';
import { waitFor } from '@kilowatch/testing';
import type { GraphqlClient } from '../client/graphql-client.js';
import { COMMAND_RESULT, type CommandResult } from '../kw/commands/command-result.js';
import { findStation } from '../kw/commands/find-station.js';
import { importStations, importTokens } from '../seed/seed-demo.js';
import { expectedSessions } from './expected-sessions.js';
import { checkInbound, inboundProblems } from './inbound-check.js';
import { inventoryOf } from './inventory.js';
import type { SendCommand } from './play-commands.js';
import { NO_SUBPROTOCOL, playConnection, type PlayResult } from './play-connection.js';
import { readRecording, type RecordedConnection } from './recording.js';
import { judgeSessions, type FoundSession } from './session-judge.js';

export interface ReplayTarget {
  readonly operator: GraphqlClient;
  readonly ocppUrl: string;
  readonly say: (line: string) => void;
}

interface Played {
  readonly connection: RecordedConnection;
  readonly result: PlayResult;
}

const SETTLED_WITHIN_MS = 20_000;

/** Provisions what a recording needs, plays it, and compares answers and sessions. Returns the number of problems. */
export async function replayFile(file: string, target: ReplayTarget): Promise<number> {
  const { operator, ocppUrl, say } = target;
  const connections = readRecording(file);
  await provision(operator, inventoryOf(connections));
  // Stations side by side, the connections of one station one after the other, as recorded.
  const verdicts = await Promise.all(
    [...groupBy(connections, ({ station }) => station.toLowerCase()).values()].map(async (ofStation) => {
      const station = ofStation[0]!.station;
      const stationId = await findStation(operator, station);
      const before = new Set((await sessionsOf(operator, stationId)).map(({ id }) => id));
      const played: Played[] = [];
      const send = commandsTo(operator, stationId);
      for (const connection of ofStation)
        played.push({ connection, result: await playConnection(connection, ocppUrl, send) });
      const expected = expectedSessions(
        played.filter(({ result }) => !result.refused).map(({ connection }) => connection),
      );
      const judge = async () =>
        judgeSessions(station, expected, await sessionsOf(operator, stationId), before);
      return { played, sessions: expected.length, problems: await settled(judge) };
    }),
  );
  const played = verdicts.flatMap((verdict) => verdict.played);
  const problems = [
    ...inboundProblems(connections),
    ...playProblems(played),
    ...verdicts.flatMap((verdict) => verdict.problems),
  ];
  const sum = (value: (result: PlayResult) => number) =>
    played.reduce((total, { result }) => total + value(result), 0);
  for (const { connection, result } of played) {
    if (result.refused)
      say(`  ${connection.station}: ${connection.protocol} was refused (${result.refused})`);
  }
  const extras = [
    [sum((result) => result.sends), 'SENDs'],
    [sum((result) => result.commands), 'commands'],
  ].flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}, `]));
  say(
    `${basename(file)}: ${connections.length} connections, ${sum((result) => result.answered)} of ${sum((result) => result.calls)} calls answered, ` +
      `${extras.join('')}${verdicts.reduce((total, { sessions }) => total + sessions, 0)} sessions, ${problems.length} problems`,
  );
  say(`  of the charger: ${toleranceLine(connections)}`);
  problems.forEach((problem) => say(`  ${problem}`));
  return problems.length;
}

/** How much of what the charger says is by the letter of the schema, and what had to be tolerated. */
function toleranceLine(connections: readonly RecordedConnection[]): string {
  const checks = connections.map(checkInbound);
  const sum = (value: (check: (typeof checks)[number]) => number) =>
    checks.reduce((total, check) => total + value(check), 0);
  const kinds = new Map<string, number>();
  for (const check of checks)
    for (const [kind, n] of check.kinds) kinds.set(kind, (kinds.get(kind) ?? 0) + n);
  const told = [...kinds].sort(([a], [b]) => (a < b ? -1 : 1)).map(([kind, n]) => `${kind} ${n}`);
  return (
    `${sum(({ frames, tolerated }) => frames - tolerated)} of ${sum(({ frames }) => frames)} frames by the letter` +
    (told.length === 0 ? '' : `; tolerated: ${told.join(', ')}`)
  );
}

function commandsTo(operator: GraphqlClient, stationId: string): SendCommand {
  return async (action, payload) => {
    const { sendCommand } = await operator.request<{ sendCommand: CommandResult }>(
      `mutation($input: SendCommandInput!) { sendCommand(input: $input) { ${COMMAND_RESULT} } }`,
      { input: { stationId, action, payload } },
    );
    return sendCommand.outcome;
  };
}

/** A recording that got nowhere proves nothing: whoever was not let in is a problem, and so is nobody at all. */
export function playProblems(
  played: readonly { connection: { station: string }; result: PlayResult }[],
): string[] {
  const problems = played.flatMap(({ connection, result }) =>
    // An old version that nobody here speaks is refused as it should be.
    result.refused === undefined || result.refused === NO_SUBPROTOCOL
      ? result.problems
      : [`${connection.station}: was not let in (${result.refused})`],
  );
  if (played.length === 0) problems.push('the recording holds no connection');
  else if (played.every(({ result }) => result.refused === NO_SUBPROTOCOL))
    problems.push('no charger of the recording speaks a version that is spoken here');
  return problems;
}

/** The differences that remain once the events had time to arrive. */
async function settled(judge: () => Promise<string[]>): Promise<string[]> {
  let last: string[] = [];
  const agree = async () => {
    last = await judge();
    return last.length === 0;
  };
  await waitFor('the sessions to be as recorded', agree, {
    timeoutMs: SETTLED_WITHIN_MS,
    everyMs: 100,
  }).catch((error: unknown) => {
    if (last.length === 0) throw error;
  });
  return last;
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

async function sessionsOf(operator: GraphqlClient, stationId: string): Promise<FoundSession[]> {
  const { sessions } = await operator.request<{ sessions: { edges: { node: FoundSession }[] } }>(
    `query($stationId: ID!) { sessions(first: 100, filter: { stationId: $stationId }) {
      edges { node { id state startedAt energyWh energyStatus meterDeviations } } } }`,
    { stationId },
  );
  return sessions.edges.map(({ node }) => node);
}
