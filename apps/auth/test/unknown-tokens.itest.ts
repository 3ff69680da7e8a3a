// Real: Postgres, NATS, gRPC, GraphQL. Played: the gateway by its calls.
import { randomUUID } from 'node:crypto';
import { auth as contract } from '@kilowatch/contracts';
import { uuidv7 } from '@kilowatch/kernel';
import { type TestPrincipal } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MOST_UNKNOWN } from '../src/persistence/unknown-token.repository.js';
import { AuthRig, foreignOperator, operator } from './auth-rig.js';

const { DecisionStatus: Status, DecisionPurpose: Purpose } = contract;
let app: AuthRig;
beforeAll(async () => {
  app = await AuthRig.start();
});
afterAll(() => app.close());

interface Listed {
  readonly id: string;
  readonly masked: string;
  readonly type: string;
  readonly times: number;
  readonly ignored: boolean;
  readonly stations: readonly { id: string }[];
}

async function list(ignored = false, asker: TestPrincipal = operator, first = 100): Promise<Listed[]> {
  const { data, errors } = await app.rig.graphql<{ unknownTokens: { edges: { node: Listed }[] } }>(
    asker,
    `query($first: Int!, $ignored: Boolean) { unknownTokens(first: $first, ignored: $ignored) {
      edges { node { id masked type times ignored stations { id } } } } }`,
    { ignored, first },
  );
  expect(errors).toEqual([]);
  return data!.unknownTokens.edges.map(({ node }) => node);
}
const listed = async (value: string, ignored = false) =>
  (await list(ignored)).find(({ masked }) => masked === `****${value.slice(-4)}`);

const approve = (value: Record<string, unknown>, asker: TestPrincipal = operator) =>
  app.mutate<{ token: { id: string; masked: string; groupId: string | null; type: string } }>(
    asker,
    'approveUnknownToken',
    { type: 'ApproveUnknownTokenInput', value },
    'token { id masked groupId type }',
  );
const ignore = (id: string, ignored: boolean, asker: TestPrincipal = operator) =>
  app.mutate<{ unknownToken: Listed }>(
    asker,
    'ignoreUnknownToken',
    { type: 'IgnoreUnknownTokenInput', value: { id, ignored } },
    'unknownToken { id ignored }',
  );

describe('cards that nobody has', () => {
  it('are listed once each, with where and how often, however a station spells them', async () => {
    const [first, second] = [randomUUID(), randomUUID()];
    await app.decide('04AB0001AA01', { stationId: first });
    await app.decide('04:ab:00:01:aa:01', { stationId: second });
    await app.decide('04AB0001AA01', { stationId: second, purpose: Purpose.DECISION_PURPOSE_START });
    await app.decide('04AB0001AA01', { stationId: first, purpose: Purpose.DECISION_PURPOSE_STOP });
    const row = await listed('04AB0001AA01');
    expect(row).toMatchObject({ times: 3, type: 'ISO14443', ignored: false });
    expect(row!.stations.map(({ id }) => id)).toEqual([second, first]);
    expect(await list(false, foreignOperator)).toEqual([]);
    expect(JSON.stringify(await list())).not.toContain('04AB0001AA01');
  });

  it('that were shown at the same moment are one too', async () => {
    await Promise.all(Array.from({ length: 12 }, () => app.decide('04AB0002AA02')));
    expect(await listed('04AB0002AA02')).toMatchObject({ times: 12 });
    expect((await listed('04AB0002AA02'))!.stations).toHaveLength(5);
  });

  it('are not codes, nor numbers that a phone makes up, nor known', async () => {
    const before = (await list()).length;
    await app.importTokens([{ value: '04AB0003AA03', status: 'BLOCKED' }]);
    await app.decide('04AB0003AA03');
    await app.decide('135790', { idToken: { value: '135790', type: 'KeyCode' } });
    await app.decide('246813', { idToken: { value: '246813', type: 'Unknown' } });
    await app.decide('08AB0C0D');
    expect(await list()).toHaveLength(before);
  });

  it('are taken in for a driver or a group without their number being said, and charge from then on', async () => {
    await app.createPerson('taken@example.org');
    await app.decide('04AB0004AA04', { idToken: { value: '04AB0004AA04', type: 'Unknown' } });
    const { id } = (await listed('04AB0004AA04'))!;
    expect((await approve({ id, accountEmail: 'nobody@example.org' })).codes).toEqual(['NOT_FOUND']);
    expect((await approve({ id }, foreignOperator)).codes).toEqual(['NOT_FOUND']);
    const { answer } = await approve({ id, accountEmail: 'taken@example.org', groupId: 'FLEET' });
    expect(answer!.token).toMatchObject({ masked: '****AA04', groupId: 'FLEET', type: 'ISO14443' });
    const decided = await app.decide('04AB0004AA04');
    expect(decided).toMatchObject({ status: Status.DECISION_STATUS_ACCEPTED, tokenId: answer!.token.id });
    expect(await listed('04AB0004AA04')).toBeUndefined();
    expect((await approve({ id })).codes).toEqual(['NOT_FOUND']);
    const audit = await app.rig.sql<{ action: string; details: object }>(
      `select action, details from audit_entry where action like 'token.approved' and target_id = $1`,
      [answer!.token.id],
    );
    expect(audit).toMatchObject([{ details: { times: 1, groupId: 'FLEET' } }]);
  });

  it('leave the list when they are imported', async () => {
    await app.decide('04AB0005AA05');
    expect(await listed('04AB0005AA05')).toBeDefined();
    await app.importTokens([{ value: '04ab0005aa05' }]);
    expect(await listed('04AB0005AA05')).toBeUndefined();
  });

  it('are left out when somebody ignores them, and shown again on request', async () => {
    await app.decide('04AB0006AA06');
    const { id } = (await listed('04AB0006AA06'))!;
    expect((await ignore(id, true, foreignOperator)).codes).toEqual(['NOT_FOUND']);
    expect((await ignore(id, true)).answer!.unknownToken.ignored).toBe(true);
    await app.decide('04AB0006AA06');
    expect(await listed('04AB0006AA06')).toBeUndefined();
    expect(await listed('04AB0006AA06', true)).toMatchObject({ id, times: 2 });
    await ignore(id, false);
    expect(await listed('04AB0006AA06')).toMatchObject({ id });
  });

  it('are nobody else’s to see or to take in', async () => {
    const driver = await app.createPerson('curious@example.org');
    const { codes } = await app.rig.graphql(driver, '{ unknownTokens(first: 1) { edges { cursor } } }');
    expect(codes).toEqual(['FORBIDDEN']);
    expect((await approve({ id: uuidv7(new Date(), new Uint8Array(10)) }, driver)).codes).toEqual([
      'FORBIDDEN',
    ]);
  });

  it('are forgotten after three months, and the oldest when somebody makes numbers up', async () => {
    const insert = (count: number, value: string, seen: string) =>
      app.rig.sql(
        `insert into unknown_token (tenant, id, token_hash, value, type, first_seen, last_seen, times, station_ids)
          select 'demo', gen_random_uuid(), decode(md5($2 || n), 'hex'), $2 || n, 'ISO14443', now(), now() - $3::interval, 1, '{}'
            from generate_series(1, $1::int) n`,
        [count, value, seen],
      );
    await insert(1, 'OLD', '91 days');
    await insert(MOST_UNKNOWN + 5, 'MADE-UP', '1 hour');
    await app.decide('04AB0007AA07');
    await app.rig.running.background.jobs.get('forget-unknown-tokens')!.runDue();
    expect(await app.rig.sql(`select 1 from unknown_token where value = 'OLD1'`)).toEqual([]);
    expect(await app.rig.sql('select 1 from unknown_token')).toHaveLength(MOST_UNKNOWN);
    expect(await listed('04AB0007AA07')).toBeDefined();
  });
});
