import { wrongInput } from '../kw-error.js';
import { table } from '../output.js';
import { readInput } from '../read-input.js';
import type { CommandContext } from './context.js';
import { findStation } from './find-station.js';

export interface CertificateRow {
  readonly id: string;
  readonly type: string;
  readonly state: string;
  readonly serial: string;
  readonly subject: string;
  readonly notAfter: string;
  readonly renewAt: string | null;
  readonly revocationReason: string | null;
}

interface RequestRow {
  readonly type: string;
  readonly state: string;
  readonly problem: string;
  readonly createdAt: string;
}

const ROW = 'id type state serial subject notAfter renewAt revocationReason';
const USAGE =
  'kw certificates list [STATION] | sign STATION REQUEST.csr [TYPE] | revoke ID REASON [NOTE] (reasons: KEY_COMPROMISE, ...)';

/** `kw certificates list|sign|revoke`: certificates of stations, as `stationCertificates` of the API has them. */
export async function certificates(
  [action = 'list', ...args]: readonly string[],
  context: CommandContext,
): Promise<number> {
  if (action === 'list') return list(context, args[0]);
  if (action === 'sign') return sign(context, args);
  if (action === 'revoke') return revoke(context, args);
  throw wrongInput(USAGE);
}

/** The latest 100; of a station its requests too, with the reason why one came to nothing. */
async function list({ client, output }: CommandContext, identity: string | undefined): Promise<number> {
  const stationId = identity === undefined ? undefined : await findStation(client, identity);
  const { stationCertificates } = await client.request<{
    stationCertificates: { edges: { node: CertificateRow }[] };
  }>(
    `query($filter: StationCertificateFilter) { stationCertificates(first: 100, filter: $filter) {
      edges { node { ${ROW} } } } }`,
    { filter: stationId === undefined ? null : { stationId } },
  );
  const rows = stationCertificates.edges.map(({ node }) => node);
  if (stationId === undefined) {
    output.show(rows, () => certificatesText(rows));
    return 0;
  }
  const { station } = await client.request<{ station: { certificateRequests: RequestRow[] } }>(
    'query($id: ID!) { station(id: $id) { certificateRequests { type state problem createdAt } } }',
    { id: stationId },
  );
  const { certificateRequests: requests } = station;
  output.show(
    { certificates: rows, requests },
    () => `${certificatesText(rows)}\n\n${requestsText(requests)}`,
  );
  return 0;
}

async function sign(
  { client, output }: CommandContext,
  [identity, file, type = 'ChargingStationCertificate']: readonly string[],
): Promise<number> {
  if (!identity || !file) throw wrongInput(USAGE);
  const csr = readInput(file);
  const { signStationCertificate } = await client.request<{
    signStationCertificate: { certificate: CertificateRow & { chain: string } };
  }>(
    `mutation($input: SignStationCertificateInput!) { signStationCertificate(input: $input) {
      certificate { ${ROW} chain } } }`,
    { input: { stationId: await findStation(client, identity), csr, type } },
  );
  const { certificate } = signStationCertificate;
  output.show(certificate, () => certificate.chain.trim());
  return 0;
}

async function revoke(
  { client, output }: CommandContext,
  [id, reason, ...note]: readonly string[],
): Promise<number> {
  if (!id || !reason) throw wrongInput(USAGE);
  const { revokeStationCertificate } = await client.request<{
    revokeStationCertificate: { certificate: CertificateRow };
  }>(
    `mutation($input: RevokeStationCertificateInput!) { revokeStationCertificate(input: $input) {
      certificate { ${ROW} } } }`,
    { input: { id, reason: reason.toUpperCase(), note: note.join(' ') } },
  );
  const { certificate } = revokeStationCertificate;
  output.show(certificate, () => `${certificate.subject} is revoked (${certificate.revocationReason ?? ''})`);
  return 0;
}

export function certificatesText(rows: readonly CertificateRow[]): string {
  if (rows.length === 0) return 'no certificates yet';
  return table(
    ['id', 'subject', 'type', 'state', 'ends', 'renewal'],
    rows.map((row) => [
      row.id,
      row.subject,
      row.type,
      row.revocationReason ? `${row.state} (${row.revocationReason})` : row.state,
      row.notAfter.slice(0, 10),
      row.renewAt?.slice(0, 10) ?? '-',
    ]),
  );
}

export function requestsText(rows: readonly RequestRow[]): string {
  if (rows.length === 0) return 'it has not asked for any';
  return table(
    ['asked', 'type', 'state', 'problem'],
    rows.map(({ createdAt, type, state, problem }) => [createdAt, type, state, problem || '-']),
  );
}
