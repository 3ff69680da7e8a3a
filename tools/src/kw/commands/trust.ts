import type { GraphqlClient } from '../../client/graphql-client.js';
import { wrongInput } from '../kw-error.js';
import { table } from '../output.js';
import { readInput } from '../read-input.js';
import type { CommandContext } from './context.js';
import { policyText, wantedPolicy, type TrustPolicyView } from './trust-policy.js';

export interface TrustOptions {
  readonly purpose: string | undefined;
  /** Of ISO 15118: 2 or 20. */
  readonly iso: string | undefined;
  readonly reason: string | undefined;
}

interface TrustImport {
  readonly added: number;
  readonly unchanged: number;
  readonly problems: readonly { index: number; code: string; message: string }[];
}

interface Anchor {
  readonly id: string;
  readonly purpose: string;
  readonly isoVersion: string | null;
  readonly subject: string;
  readonly fingerprint: string;
  readonly notAfter: string;
}

interface Intermediate {
  readonly subject: string;
  readonly issuer: string;
  readonly source: string;
  readonly fingerprint: string;
  readonly notAfter: string;
}

export const PURPOSES = ['contract', 'station', 'csms', 'oem', 'manufacturer'];
const USAGE = `kw trust list [PURPOSE] | import FILE.pem... --purpose ${PURPOSES.join('|')} [--iso 2|20] [--reason TEXT]
       | remove ID REASON | intermediates [import FILE.pem...] | policy [NAME=VALUE ...]`;
const IMPORT_FIELDS = 'added unchanged problems { index code message }';
const POLICY_FIELDS = 'origins ocspHash ocspHashFallback softFailHours withoutResponder crl requireMoDomain';

/** `kw trust ...`: whom certificates are believed below, and what is asked about them. */
export async function trust(
  [action, ...rest]: readonly string[],
  context: CommandContext,
  options: TrustOptions,
): Promise<number> {
  switch (action) {
    case 'list':
      return list(rest[0], context);
    case 'import':
      return importAnchors(rest, context, options);
    case 'remove':
      return remove(rest, context);
    case 'intermediates':
      return rest[0] === 'import' ? importIntermediates(rest.slice(1), context) : listIntermediates(context);
    case 'policy':
      return policy(rest, context);
    default:
      throw wrongInput(USAGE);
  }
}

/** The input of `importTrustAnchors` but for the certificates. @throws what is wrong with the options */
export function anchorInput({ purpose, iso, reason }: TrustOptions): Record<string, unknown> {
  if (!purpose || !PURPOSES.includes(purpose.toLowerCase()))
    throw wrongInput(`--purpose is one of ${PURPOSES.join(', ')}`);
  const version = iso?.replace(/^15118-/, '');
  if (version !== undefined && version !== '2' && version !== '20') throw wrongInput('--iso is 2 or 20');
  return {
    purpose: purpose.toUpperCase(),
    ...(version && { isoVersion: `ISO_15118_${version}` }),
    ...(reason && { reason }),
  };
}

async function importAnchors(
  files: readonly string[],
  context: CommandContext,
  options: TrustOptions,
): Promise<number> {
  const input = anchorInput(options);
  return importFiles(files, context, (pem) =>
    context.client
      .request<{ importTrustAnchors: TrustImport }>(
        `mutation($input: ImportTrustAnchorsInput!) { importTrustAnchors(input: $input) { ${IMPORT_FIELDS} } }`,
        { input: { ...input, pem } },
      )
      .then((data) => data.importTrustAnchors),
  );
}

function importIntermediates(files: readonly string[], context: CommandContext): Promise<number> {
  return importFiles(files, context, (pem) =>
    context.client
      .request<{ importTrustIntermediates: TrustImport }>(
        `mutation($input: ImportTrustIntermediatesInput!) { importTrustIntermediates(input: $input) { ${IMPORT_FIELDS} } }`,
        { input: { pem } },
      )
      .then((data) => data.importTrustIntermediates),
  );
}

/** All files are read before anything is sent. Exit code 1 when a certificate was refused. */
async function importFiles(
  files: readonly string[],
  { output }: CommandContext,
  send: (pem: string) => Promise<TrustImport>,
): Promise<number> {
  if (files.length === 0) throw wrongInput(`which files? ${USAGE}`);
  const texts = files.map((file) => ({ file, pem: readInput(file) }));
  const sum = {
    added: 0,
    unchanged: 0,
    problems: [] as { file: string; index: number; code: string; message: string }[],
  };
  for (const { file, pem } of texts) {
    const result = await send(pem);
    sum.added += result.added;
    sum.unchanged += result.unchanged;
    sum.problems.push(...result.problems.map((problem) => ({ file, ...problem })));
  }
  output.show(sum, () =>
    [
      `${sum.added} added, ${sum.unchanged} there already, ${sum.problems.length} refused`,
      ...sum.problems.map(({ file, index, message }) => `  ${file}, certificate ${index + 1}: ${message}`),
    ].join('\n'),
  );
  return sum.problems.length === 0 ? 0 : 1;
}

async function list(purpose: string | undefined, { client, output }: CommandContext): Promise<number> {
  if (purpose !== undefined && !PURPOSES.includes(purpose.toLowerCase()))
    throw wrongInput(`PURPOSE is one of ${PURPOSES.join(', ')}`);
  const anchors = await all<Anchor>(
    client,
    `query($after: String, $purpose: TrustPurpose) { page: trustAnchors(first: 100, after: $after, purpose: $purpose) {
      edges { node { id purpose isoVersion subject fingerprint notAfter } } pageInfo { hasNextPage endCursor } } }`,
    { purpose: purpose?.toUpperCase() ?? null },
  );
  output.show(anchors, () =>
    anchors.length === 0
      ? 'nobody is believed: kw trust import FILE.pem --purpose contract'
      : table(
          ['id', 'purpose', 'iso', 'until', 'subject'],
          anchors.map((one) => [
            one.id,
            one.purpose.toLowerCase(),
            one.isoVersion?.replace('ISO_15118_', '-') ?? 'all',
            one.notAfter.slice(0, 10),
            one.subject,
          ]),
        ),
  );
  return 0;
}

async function listIntermediates({ client, output }: CommandContext): Promise<number> {
  const known = await all<Intermediate>(
    client,
    `query($after: String) { page: trustIntermediates(first: 100, after: $after) {
      edges { node { subject issuer source fingerprint notAfter } } pageInfo { hasNextPage endCursor } } }`,
    {},
  );
  output.show(known, () =>
    known.length === 0
      ? 'no authority below the roots is known yet'
      : table(
          ['until', 'from', 'subject', 'issuer'],
          known.map((one) => [one.notAfter.slice(0, 10), one.source.toLowerCase(), one.subject, one.issuer]),
        ),
  );
  return 0;
}

async function remove(
  [id, ...words]: readonly string[],
  { client, output }: CommandContext,
): Promise<number> {
  const reason = words.join(' ');
  if (!id || reason === '') throw wrongInput('kw trust remove ID REASON');
  const { removeTrustAnchor } = await client.request<{ removeTrustAnchor: { anchor: Anchor } }>(
    `mutation($input: RemoveTrustAnchorInput!) { removeTrustAnchor(input: $input) { anchor { id purpose subject } } }`,
    { input: { id, reason } },
  );
  output.show(removeTrustAnchor.anchor, () => `${removeTrustAnchor.anchor.subject} is not believed any more`);
  return 0;
}

async function policy(assignments: readonly string[], { client, output }: CommandContext): Promise<number> {
  const input = wantedPolicy(assignments);
  if (assignments.length > 0) {
    await client.request(
      'mutation($input: SetTrustPolicyInput!) { setTrustPolicy(input: $input) { policy { crl } } }',
      { input },
    );
  }
  const { trustPolicy } = await client.request<{ trustPolicy: TrustPolicyView }>(
    `{ trustPolicy { ${POLICY_FIELDS} } }`,
  );
  output.show(trustPolicy, () => policyText(trustPolicy));
  return 0;
}

async function all<Node>(
  client: GraphqlClient,
  query: string,
  variables: Record<string, unknown>,
): Promise<Node[]> {
  const found: Node[] = [];
  for (let after: string | null = null; ;) {
    const {
      page,
    }: { page: { edges: { node: Node }[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } } } =
      await client.request(query, { ...variables, after });
    found.push(...page.edges.map(({ node }) => node));
    if (!page.pageInfo.hasNextPage) return found;
    after = page.pageInfo.endCursor;
  }
}
