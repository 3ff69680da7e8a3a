import { wrongInput } from '../kw-error.js';
import { table } from '../output.js';
import { jsonObject } from '../read-input.js';
import type { CommandContext } from './context.js';

interface Held {
  readonly id: string;
  readonly receivedAt: string;
  readonly action: string;
  readonly errorCode: string;
  readonly repeats: number;
  readonly resolution: string | null;
  readonly text: string;
  readonly station: { readonly identity: string };
}

const HELD = 'id receivedAt action errorCode repeats resolution text station { identity }';
const USAGE = 'kw quarantine [list | replay ID [JSON] | dismiss ID REASON]';

/** Transaction messages that could not be processed: those that wait, and what to do with one. */
export async function quarantine(
  [verb = 'list', id, ...rest]: readonly string[],
  { client, output }: CommandContext,
): Promise<number> {
  if (verb === 'list' || verb === '') {
    const { quarantinedFrames } = await client.request<{ quarantinedFrames: { edges: { node: Held }[] } }>(
      `{ quarantinedFrames(first: 50, filter: { open: true }) { edges { node { ${HELD} } } } }`,
    );
    const rows = quarantinedFrames.edges.map(({ node }) => node);
    output.show(rows, () =>
      rows.length === 0
        ? 'nothing waits'
        : table(
            ['id', 'received', 'station', 'action', 'why', 'repeats'],
            rows.map((row) => [
              row.id,
              row.receivedAt,
              row.station.identity,
              row.action,
              row.errorCode,
              String(row.repeats),
            ]),
          ),
    );
    return 0;
  }
  if (!id || (verb !== 'replay' && verb !== 'dismiss')) throw wrongInput(USAGE);
  const [mutation, input] =
    verb === 'replay'
      ? [
          'replayQuarantinedFrame',
          { frameId: id, ...(rest[0] ? { payload: jsonObject(rest[0], 'the payload') } : {}) },
        ]
      : ['dismissQuarantinedFrame', { frameId: id, reason: rest.join(' ') }];
  const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input`;
  const answer = await client.request<Record<string, { frame: Held }>>(
    `mutation($input: ${type}!) { ${mutation}(input: $input) { frame { ${HELD} } } }`,
    { input },
  );
  const { frame } = answer[mutation]!;
  output.show(
    frame,
    () => `${frame.action} of ${frame.station.identity}: ${frame.resolution?.toLowerCase()}`,
  );
  return 0;
}
