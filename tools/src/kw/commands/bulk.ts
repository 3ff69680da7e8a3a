import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { wrongInput } from '../kw-error.js';
import { table } from '../output.js';
import { jsonObject } from '../read-input.js';
import type { CommandContext } from './context.js';

interface Bulk {
  readonly id: string;
  readonly finishedAt: string | null;
  readonly progress: Readonly<Record<string, number>>;
  readonly targets: {
    readonly edges: {
      readonly node: {
        identity: string;
        outcome: string | null;
        status: string | null;
        errorCode: string | null;
      };
    }[];
  };
}

const FIELDS = `id finishedAt progress { total pending accepted rejected chargerError offline unknown cancelled }
  targets(first: 100) { edges { node { identity outcome status errorCode } } }`;
const LOOK_EVERY_MS = 1_000;

/** `kw bulk FILTER ACTION JSON`: FILTER is JSON, e.g. '{"model":"Virtual","online":true}'. Exit 0 when all accepted. */
export async function bulk(
  [filter, action, payload]: readonly string[],
  { client, output, signal }: CommandContext,
): Promise<number> {
  if (!filter || !action) throw wrongInput('kw bulk \'{"model":"..."}\' ACTION \'{"..."}\'');
  const { startBulkCommand } = await client.request<{ startBulkCommand: { bulkCommand: Bulk } }>(
    `mutation($input: StartBulkCommandInput!) { startBulkCommand(input: $input) { bulkCommand { ${FIELDS} } } }`,
    {
      input: {
        filter: jsonObject(filter, 'the filter'),
        action,
        payload: jsonObject(payload ?? '{}', 'the payload'),
        idempotencyKey: randomUUID(),
      },
    },
  );
  let { bulkCommand } = startBulkCommand;
  while (!bulkCommand.finishedAt && !signal.aborted) {
    await pause(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    const answer = await client.request<{ bulkCommand: Bulk }>(
      `query($id: ID!) { bulkCommand(id: $id) { ${FIELDS} } }`,
      { id: bulkCommand.id },
    );
    ({ bulkCommand } = answer);
  }
  const { progress, targets } = bulkCommand;
  output.show(bulkCommand, () =>
    [
      table(
        ['station', 'outcome', 'status', 'error'],
        targets.edges.map(({ node }) => [
          node.identity,
          node.outcome ?? 'waits',
          node.status ?? '',
          node.errorCode ?? '',
        ]),
      ),
      `${progress['accepted']} of ${progress['total']} accepted${bulkCommand.finishedAt ? '' : ', the rest goes on'}`,
    ].join('\n'),
  );
  return progress['accepted'] === progress['total'] ? 0 : 1;
}
