import { createHash } from 'node:crypto';
import { appendFileSync, writeFileSync } from 'node:fs';
import { KwError, wrongInput } from '../kw-error.js';
import { table } from '../output.js';
import { COMMAND_RESULT, resultText, type CommandResult } from './command-result.js';
import type { Command } from './context.js';
import { findStation } from './find-station.js';
import type { GraphqlClient } from '../../client/graphql-client.js';
import { fromInvocation } from '../../system/invocation-folder.js';

interface FileInfo {
  readonly name: string | null;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly chunkCount: number;
}
interface Log {
  readonly id: string;
  readonly kind: string;
  readonly status: string;
  readonly detail: string | null;
  readonly requestedAt: string;
  readonly file: FileInfo | null;
}

const FIELDS = 'id kind status detail requestedAt file { name sizeBytes sha256 chunkCount }';
const KINDS: Readonly<Record<string, string>> = { diagnostics: 'DIAGNOSTICS', security: 'SECURITY' };
const USAGE = 'kw log STATION [diagnostics|security | ID FILE]';

/** `kw log STATION` lists logs, `kw log STATION diagnostics` asks for one, `kw log STATION ID FILE` fetches it. */
export const stationLog: Command = async ([identity, what, target], { client, output }) => {
  if (!identity) throw wrongInput(`which station? ${USAGE}`);
  const stationId = await findStation(client, identity);
  const kind = what === undefined ? undefined : KINDS[what];
  if (kind) {
    const { requestLog } = await client.request<{
      requestLog: { result: CommandResult; log: { id: string } };
    }>(
      `mutation($input: RequestLogInput!) { requestLog(input: $input) { result { ${COMMAND_RESULT} } log { id } } }`,
      { input: { stationId, kind } },
    );
    output.show(requestLog, () => `${resultText(requestLog.result)}  ${requestLog.log.id}`);
    return requestLog.result.outcome === 'ACCEPTED' ? 0 : 1;
  }
  if (what === undefined) {
    const { station } = await client.request<{ station: { logs: { edges: { node: Log }[] } } }>(
      `query($id: ID!) { station(id: $id) { logs(first: 50) { edges { node { ${FIELDS} } } } } }`,
      { id: stationId },
    );
    const logs = station.logs.edges.map(({ node }) => node);
    output.show(logs, () => (logs.length === 0 ? 'no logs yet' : list(logs)));
    return 0;
  }
  if (!target) throw wrongInput(`to which file? ${USAGE}`);
  const { stationLog: log } = await client.request<{ stationLog: Log }>(
    `query($id: ID!) { stationLog(id: $id) { ${FIELDS} } }`,
    { id: what },
  );
  const { file } = log;
  if (!file) throw new KwError('NOT_FOUND', `the station has not sent log ${what} (${log.status})`);
  const savedAs = fromInvocation(target);
  await fetchFile(client, log.id, file, savedAs);
  output.show({ ...log, savedAs }, () => `${savedAs}  ${file.sizeBytes} bytes`);
  return 0;
};

function list(logs: readonly Log[]): string {
  return table(
    ['log', 'requested', 'kind', 'status', 'bytes', 'file'],
    logs.map(({ id, requestedAt, kind, status, detail, file }) => [
      id,
      requestedAt,
      kind,
      detail ? `${status} (${detail})` : status,
      file ? String(file.sizeBytes) : '-',
      file?.name ?? '-',
    ]),
  );
}

/** Part by part, so that a large file never is one answer; wrong bytes are an error, not a file. */
async function fetchFile(
  client: GraphqlClient,
  logId: string,
  { chunkCount, sha256 }: FileInfo,
  target: string,
): Promise<void> {
  const hash = createHash('sha256');
  writeFileSync(target, '');
  for (let number = 0; number < chunkCount; number++) {
    const { stationLog: log } = await client.request<{ stationLog: { file: { chunk: string } | null } }>(
      'query($id: ID!, $number: Int!) { stationLog(id: $id) { file { chunk(number: $number) } } }',
      { id: logId, number },
    );
    if (!log.file) throw new KwError('NOT_FOUND', `log ${logId} is gone`);
    const part = Buffer.from(log.file.chunk, 'base64');
    hash.update(part);
    appendFileSync(target, part);
  }
  if (hash.digest('hex') !== sha256) throw new KwError('UNAVAILABLE', `${target} came damaged: try again`);
}
