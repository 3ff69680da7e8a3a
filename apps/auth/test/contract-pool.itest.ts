// Real: Postgres, NATS, gRPC, HTTP with OAuth2 to a pool on loopback. Played: the gateway.
import { randomUUID } from 'node:crypto';
import { auth as contract } from '@kilowatch/contracts';
import type { CallOptions } from '@kilowatch/platform';
import { waitFor } from '@kilowatch/testing';
import { OpcpServer, testPki } from '@kilowatch/testing/pki';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readPools } from '../src/usecases/contract-pool/contract-pools.js';
import { admin, AuthRig, DEMO, operator } from './auth-rig.js';

const ISO2 = 'urn:iso:15118:2:2013:MsgDef';
const A = { emaid: 'NN123ABCDEFGHI', exiResponse: 'QQ==' };
const B = { emaid: 'DE8AA001234567', exiResponse: 'Qg==' };

describe('contract certificates from a pool', () => {
  let auth: AuthRig;
  let pool: OpcpServer;
  const client = () => auth.rig.grpc(contract.ContractServiceClient);
  const ask = (
    exiRequest: string,
    over: Partial<contract.GetContractCertificateRequest> = {},
    call: CallOptions = DEMO,
  ) =>
    client().getContractCertificate(
      contract.GetContractCertificateRequest.fromPartial({
        stationId: STATION,
        schemaVersion: ISO2,
        exiRequest,
        ...over,
      }),
      call,
    );
  const STATION = randomUUID();
  const pki = testPki();

  beforeAll(async () => {
    pool = await OpcpServer.start();
    pool.roots = [
      {
        caCertificate: Buffer.from(pki.moRoot.der).toString('base64'),
        rootType: 'MO',
        xsdMsgDefNamespace: ISO2,
      },
      { caCertificate: pki.v2gRoot.pem, rootType: 'v2g' },
      { caCertificate: 'AAAA', rootType: 'MO' },
      { caCertificate: Buffer.from(pki.oemRoot.der).toString('base64'), rootType: 'PE' },
    ];
    auth = await AuthRig.start({
      KW_CONTRACT_POOLS: JSON.stringify([
        pool.settingsFor('demo'),
        { kind: 'SIMULATED', tenant: 'simulated' },
        { kind: 'SIMULATED', tenant: 'asked', ocspUrl: 'http://127.0.0.1:1/ocsp' },
      ]),
      KW_EGRESS_ALLOW: '127.0.0.0/8',
    });
  });
  afterAll(async () => {
    await auth.close();
    await pool.close();
  });
  beforeEach(() => {
    pool.contracts.clear();
    pool.asked.length = 0;
  });

  it('of a simulated pool are asked about at its responder, which others do not have', async () => {
    const ocsp = (tenant: string, body: string) =>
      fetch(`http://127.0.0.1:${auth.rig.running.httpPort}/simulated-pool/${tenant}/ocsp`, {
        method: 'POST',
        headers: { 'content-type': 'application/ocsp-request' },
        body,
      });
    const answer = await ocsp('asked', 'nonsense');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/ocsp-response']);
    expect(Buffer.from(await answer.arrayBuffer()).toString('hex')).toBe('30030a0101');
    expect((await ocsp('asked', 'x'.repeat(100_000))).status).toBe(200);
    for (const tenant of ['simulated', 'demo', 'nobody']) expect((await ocsp(tenant, 'x')).status).toBe(404);
  });

  it('are known to have gone into a car where they did, when the pool tells which they are', async () => {
    const station = randomUUID();
    pool.contracts.set('told', [A, B]);
    pool.contracts.set('untold', [{ emaid: '', exiResponse: 'Qw==' }]);
    await ask('untold', { stationId: station });
    await ask('told', { stationId: station, maxChains: 2 });
    const keys = async () => {
      const rows = await auth.rig.sql<{ emaid_key: string }>(
        'select emaid_key from contract_installation where station_id = $1 order by emaid_key',
        [station],
      );
      return rows.map(({ emaid_key: key }) => key);
    };
    expect(await keys()).toEqual([A.emaid]);
    await ask('told', { stationId: station, maxChains: 2 });
    expect(await keys()).toEqual([B.emaid, A.emaid]);
  });

  it('are what the pool has for the car, unread, with one token for many cars (C1, C3)', async () => {
    pool.contracts.set('car 1', [A]);
    pool.contracts.set('car 2', [B, A]);
    expect(await ask('car 1')).toMatchObject({ accepted: true, exiResponse: 'QQ==' });
    expect((await ask('car 1')).remaining).toBeUndefined();
    expect(await ask('car 2', { update: true })).toMatchObject({ accepted: true, exiResponse: 'Qg==' });
    expect(pool.asked.filter((path) => path === '/token').length).toBeLessThanOrEqual(1);
  });

  it('are asked for once more with a fresh token when the old one counts no longer', async () => {
    pool.contracts.set('car', [A]);
    await ask('car');
    pool.forgetTokens();
    pool.asked.length = 0;
    expect((await ask('car')).accepted).toBe(true);
    expect(pool.asked).toEqual(['/v1/ccp/signedContractData', '/token', '/v1/ccp/signedContractData']);
  });

  it('count down over the same request, those the car wants first, first (C2, M01.FR.02 to FR.07)', async () => {
    pool.contracts.set('car', [A, B]);
    const wish = { maxChains: 4, prioritisedEmaids: [B.emaid] };
    expect(await ask('car', wish)).toMatchObject({ exiResponse: 'Qg==', remaining: 1 });
    expect(await ask('car', wish)).toMatchObject({ exiResponse: 'QQ==', remaining: 0 });
    expect(await ask('car', { ...wish, maxChains: 1 })).toMatchObject({ exiResponse: 'Qg==', remaining: 0 });
  });

  it.each([
    ['a car that the pool does not know', undefined, 'NoContract'],
    ['a pool that is out of order', null, 'PoolUnavailable'],
  ])('are refused with the reason for %s', async (_name, contracts, reasonCode) => {
    if (contracts === null) pool.contracts.set('car', contracts);
    expect(await ask('car')).toMatchObject({ accepted: false, exiResponse: '', reasonCode });
  });

  it('are nobody’s for a tenant without a pool', async () => {
    expect(await ask('car', {}, { tenant: 'other' as typeof DEMO.tenant })).toMatchObject({
      accepted: false,
      reasonCode: 'NoContractPool',
    });
  });

  it('C1: are waited for as long as a car waits, whatever the pool takes for each of its answers', async () => {
    pool.forgetTokens();
    pool.contracts.set('slow', [A]);
    pool.delayMs = 2_500;
    const before = performance.now();
    const answer = await ask('slow', {}, { ...DEMO, deadlineMs: 10_000 }).finally(() => (pool.delayMs = 0));
    expect(answer).toMatchObject({ accepted: false, reasonCode: 'PoolUnavailable' });
    expect(performance.now() - before).toBeLessThan(4_900);
    expect(await ask('slow')).toMatchObject({ accepted: true, exiResponse: A.exiResponse });
  });

  it('of the simulated pool lead to its root, which stays the same over restarts', async () => {
    const tenant = { tenant: 'simulated' as typeof DEMO.tenant };
    const [first, second] = [await ask('car', {}, tenant), await ask('anotherCar', {}, tenant)];
    const read = (exi: string) =>
      JSON.parse(Buffer.from(exi, 'base64').toString()) as { emaid: string; chain: string };
    expect(read(first.exiResponse).emaid).toMatch(/^NLSIM[0-9A-F]{9}[0-9A-Z]$/);
    expect(read(first.exiResponse).emaid).not.toBe(read(second.exiResponse).emaid);
    expect(read((await ask('car', {}, tenant)).exiResponse).emaid).toBe(read(first.exiResponse).emaid);
  });

  it('come with roots that a person has to approve before they are trusted (C4)', async () => {
    const list = () =>
      auth.rig.sql<{ subject: string; purpose: string; state: string }>(
        'select subject, purpose, state from root_proposal order by purpose',
      );
    await auth.rig.running.background.jobs.get('sync-pool-roots')!.runDue();
    const seen = await waitFor('the roots are there', async () => {
      const rows = await list();
      return rows.length > 0 ? rows : undefined;
    });
    expect(seen.map(({ purpose, state }) => [purpose, state])).toEqual([
      ['MO', 'NEW'],
      ['V2G', 'NEW'],
    ]);
    const { data } = await auth.rig.graphql<{
      rootProposals: { edges: { node: { id: string; purpose: string } }[] };
    }>(
      operator,
      '{ rootProposals(first: 10, state: NEW) { edges { node { id purpose subject notAfter } } } }',
    );
    const mo = data!.rootProposals.edges.find(({ node }) => node.purpose === 'MO')!.node;
    const decide = (asker: typeof admin, decision: string) =>
      auth.rig.graphql<{ decideRootProposal: { proposal: { state: string } } }>(
        asker,
        `mutation($input: DecideRootProposalInput!) { decideRootProposal(input: $input) { proposal { state } } }`,
        { input: { proposalId: mo.id, decision, reason: 'checked by telephone' } },
      );
    expect((await decide(admin, 'APPROVED')).data?.decideRootProposal.proposal.state).toBe('APPROVED');
    const anchors = await auth.rig.sql<{ purpose: string }>('select purpose from trust_anchor');
    expect(anchors).toEqual([{ purpose: 'CONTRACT' }]);
  });
});

describe('the settings of pools', () => {
  it('name what is wrong and no secret', () => {
    expect(readPools(undefined)).toEqual([]);
    expect(() => readPools('[')).toThrow('KW_CONTRACT_POOLS is no JSON');
    const pool = { kind: 'OPCP', tenant: 'demo', clientSecret: 'hush', clientId: 'x', tokenUrl: 'https://t' };
    expect(() => readPools(JSON.stringify([pool]))).toThrow(/^KW_CONTRACT_POOLS: 0\.baseUrl(?!.*hush)/);
    const simulated = { kind: 'SIMULATED', tenant: 'demo' };
    expect(() => readPools(JSON.stringify([simulated, simulated]))).toThrow('names a tenant twice');
  });
});
