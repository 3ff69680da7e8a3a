import { table } from '../output.js';
import type { CommandContext } from './context.js';

interface Attempt {
  readonly at: string;
  readonly times: number;
  readonly identity: string;
  readonly outcome: string;
  readonly reason: string | null;
  readonly advice: string | null;
  readonly url: string;
  readonly subprotocols: string;
  readonly tls: string | null;
  readonly remoteIp: string;
}

/** `kw connections [IDENTITY]`: how chargers came to the door, latest first; why they were refused, and what to do. */
export async function listConnections(
  [identity]: readonly string[],
  { client, output }: CommandContext,
): Promise<number> {
  const { connectionAttempts } = await client.request<{ connectionAttempts: { edges: { node: Attempt }[] } }>(
    `query($filter: ConnectionAttemptFilter) { connectionAttempts(first: 50, filter: $filter) { edges { node {
      at times identity outcome reason advice url subprotocols tls remoteIp } } } }`,
    { filter: identity ? { identity } : {} },
  );
  const rows = connectionAttempts.edges.map(({ node }) => node);
  output.show(rows, () => {
    if (rows.length === 0) return identity ? `nobody came as ${identity}` : 'nobody came yet';
    const advice = new Map(
      rows.flatMap(({ reason, advice: text }) => (reason && text ? [[reason, text]] : [])),
    );
    return [
      table(
        ['at', 'times', 'identity', 'outcome', 'url', 'offered', 'tls', 'from'],
        rows.map((row) => [
          row.at,
          String(row.times),
          row.identity || '-',
          row.reason ?? row.outcome.toLowerCase(),
          row.url,
          row.subprotocols || '-',
          row.tls ?? '-',
          row.remoteIp,
        ]),
      ),
      ...[...advice].map(([reason, text]) => `\n${reason}: ${text}`),
    ].join('\n');
  });
  return 0;
}
