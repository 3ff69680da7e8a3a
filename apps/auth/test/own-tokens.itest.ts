// Real: Postgres (own role, row-level security), NATS JetStream, HTTP, gRPC. The peers are played by the rig.
import { auth, events } from '@kilowatch/contracts';
import { aSessionSnapshot, waitFor, type Asker } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuthRig, operator } from './auth-rig.js';

let app: AuthRig;
beforeAll(async () => {
  app = await AuthRig.start();
});
afterAll(() => app.close());

const FIELDS = 'id status name blockedByHolder openSessions { id }';
interface OwnToken {
  id: string;
  status: string;
  name: string | null;
  blockedByHolder: boolean;
  openSessions: { id: string }[];
}
const change = (asker: Asker, field: string, type: string, value: Record<string, unknown>) =>
  app.mutate<{ token: OwnToken }>(asker, field, { type, value }, `token { ${FIELDS} }`);
const block = (asker: Asker, tokenId: string, reason?: string) =>
  change(asker, 'blockMyToken', 'BlockMyTokenInput', { tokenId, reason });
const unblock = (asker: Asker, tokenId: string) =>
  change(asker, 'unblockMyToken', 'UnblockMyTokenInput', { tokenId });
const rename = (asker: Asker, tokenId: string, name: string) =>
  change(asker, 'renameMyToken', 'RenameMyTokenInput', { tokenId, name });
const byOperator = (tokenId: string, status: string) =>
  app.mutate(
    operator,
    'setTokenStatus',
    { type: 'SetTokenStatusInput', value: { tokenId, status, reason: 'stolen' } },
    'token { id }',
  );

let serial = 0;
async function aHolder(name: string) {
  const email = `${name}@example.org`;
  const person = await app.createPerson(email);
  const value = `04CAFE${String((serial += 1)).padStart(4, '0')}`;
  await app.importTokens([{ value, accountEmail: email }]);
  const { tokenId } = await app.decide(value);
  return { person, value, tokenId };
}
const status = async (value: string) => auth.DecisionStatus[(await app.decide(value)).status];

describe('a holder', () => {
  it('blocks a token at once and unblocks it again; both are told and on record', async () => {
    const { person, value, tokenId } = await aHolder('blocks');
    expect((await block(person, tokenId, 'lost my keys')).answer?.token).toMatchObject({
      status: 'BLOCKED',
      blockedByHolder: true,
    });
    expect(await status(value)).toBe('DECISION_STATUS_BLOCKED');
    expect((await block(person, tokenId)).codes).toEqual([]);
    expect((await unblock(person, tokenId)).answer?.token).toMatchObject({
      status: 'ACTIVE',
      blockedByHolder: false,
    });
    expect(await status(value)).toBe('DECISION_STATUS_ACCEPTED');
    const told = (await app.rig.published(events.tokenChanged)).filter((event) => event.tokenId === tokenId);
    expect(told.map((event) => event.status)).toEqual(['ACTIVE', 'BLOCKED', 'ACTIVE']);
    const audit = await app.rig.sql(
      `select actor_id, reason, details from audit_entry where target_id = $1 and action = 'token.status_set' order by id`,
      [tokenId],
    );
    expect(audit).toEqual([
      { actor_id: person.accountId, reason: 'lost my keys', details: { from: 'ACTIVE', to: 'BLOCKED' } },
      {
        actor_id: person.accountId,
        reason: 'unblocked by its holder',
        details: { from: 'BLOCKED', to: 'ACTIVE' },
      },
    ]);
  });

  it('cannot undo what an operator blocks at the same moment', async () => {
    const { person, value, tokenId } = await aHolder('at-once');
    for (let round = 0; round < 8; round += 1) {
      await byOperator(tokenId, 'ACTIVE');
      await block(person, tokenId);
      await Promise.all([
        unblock(person, tokenId),
        byOperator(tokenId, 'BLOCKED'),
        rename(person, tokenId, `${round}`),
      ]);
      expect(await status(value)).toBe('DECISION_STATUS_BLOCKED');
      expect((await unblock(person, tokenId)).codes).toEqual(['FAILED_PRECONDITION']);
    }
    const versions = await app.rig.sql('select version from token where id = $1', [tokenId]);
    const told = (await app.rig.published(events.tokenChanged)).filter((event) => event.tokenId === tokenId);
    expect(Number(versions[0]!['version'])).toBe(told.length);
  });

  it.each([
    ['before', true],
    ['after', false],
  ])('does not undo what an operator blocked %s they did', async (when, operatorFirst) => {
    const { person, value, tokenId } = await aHolder(`operator-${when}`);
    const both = [() => byOperator(tokenId, 'BLOCKED'), () => block(person, tokenId)];
    for (const one of operatorFirst ? both : both.reverse()) await one();
    expect((await unblock(person, tokenId)).codes).toEqual(['FAILED_PRECONDITION']);
    expect(await status(value)).toBe('DECISION_STATUS_BLOCKED');
    await byOperator(tokenId, 'ACTIVE');
    expect(await status(value)).toBe('DECISION_STATUS_ACCEPTED');
  });

  it('does not undo what an import blocked', async () => {
    const { person, value, tokenId } = await aHolder('imported');
    await block(person, tokenId);
    await app.importTokens([{ value, status: 'BLOCKED' }]);
    expect((await unblock(person, tokenId)).codes).toEqual(['FAILED_PRECONDITION']);
  });

  it('names tokens, and the names are theirs', async () => {
    const { person, tokenId } = await aHolder('names');
    expect((await rename(person, tokenId, ' Blue card ')).answer?.token.name).toBe('Blue card');
    expect((await rename(person, tokenId, 'x'.repeat(61))).codes).toEqual(['BAD_USER_INPUT']);
    expect((await rename(person, tokenId, '')).answer?.token.name).toBeNull();
  });

  it('does none of it with the tokens of others', async () => {
    const { tokenId } = await aHolder('mine');
    const { person: stranger } = await aHolder('strange');
    for (const asker of [stranger, operator, { ...stranger, tenant: 'other' }]) {
      expect((await block(asker, tokenId)).codes).toEqual(['NOT_FOUND']);
      expect((await unblock(asker, tokenId)).codes).toEqual(['NOT_FOUND']);
      expect((await rename(asker, tokenId, 'x')).codes).toEqual(['NOT_FOUND']);
    }
    expect((await block(null, tokenId)).codes).toEqual(['UNAUTHENTICATED']);
    expect((await block(stranger, 'nonsense')).codes).toEqual(['NOT_FOUND']);
  });
});

describe('who used my card', () => {
  interface Use {
    tokenId: string;
    status: string;
    purpose: string;
    stationId: string;
    runningSession: { id: string } | null;
  }
  const uses = async (asker: Asker, args = 'first: 20') => {
    const { data, codes } = await app.rig.graphql<{
      tokenUses: { edges: { node: Use }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
    }>(
      asker,
      `{ tokenUses(${args}) { edges { node { tokenId status purpose stationId runningSession { id } } }
        pageInfo { hasNextPage endCursor } } }`,
    );
    return { list: data?.tokenUses.edges.map(({ node }) => node), page: data?.tokenUses.pageInfo, codes };
  };

  it('is told with station and outcome, latest first, in pages, of one token or all', async () => {
    const { person, value, tokenId } = await aHolder('uses');
    const { stationId } = await app.decide(value).then(async () => {
      const snapshot = aSessionSnapshot({ tokenId, accountId: person.accountId });
      await app.rig.publish(
        events.sessionStarted,
        { aggregateId: snapshot.sessionId, version: 1 },
        { session: snapshot },
      );
      await waitFor(
        'the session',
        async () =>
          (await app.rig.sql('select 1 from open_session where session_id = $1', [snapshot.sessionId]))
            .length > 0,
      );
      await app.decide(value, { stationId: snapshot.stationId });
      return snapshot;
    });
    await block(person, tokenId);
    await app.decide(value);
    const { list } = await uses(person);
    expect(
      list!.map((use) => [use.status, use.stationId === stationId, use.runningSession !== null]),
    ).toEqual([
      ['BLOCKED', false, false],
      ['ACCEPTED', true, true],
      ['ACCEPTED', false, false],
      ['ACCEPTED', false, false],
    ]);
    const first = await uses(person, 'first: 3');
    expect(first.page?.hasNextPage).toBe(true);
    expect((await uses(person, `first: 3, after: "${first.page!.endCursor}"`)).list).toHaveLength(1);
    expect((await uses(person, `first: 9, tokenId: "${tokenId}"`)).list).toHaveLength(4);
    const other = await aHolder('uses-other');
    expect((await uses(person, `first: 9, tokenId: "${other.tokenId}"`)).list).toEqual([]);
    expect((await uses(other.person)).list!.map((use) => use.tokenId)).toEqual([other.tokenId]);
    expect((await uses(null)).codes).toEqual(['UNAUTHENTICATED']);
  });

  it('names the sessions to stop when the token is blocked', async () => {
    const { person, tokenId } = await aHolder('running');
    const session = aSessionSnapshot({ tokenId, accountId: person.accountId });
    await app.rig.publish(events.sessionStarted, { aggregateId: session.sessionId, version: 1 }, { session });
    await waitFor(
      'the session',
      async () =>
        (await app.rig.sql('select 1 from open_session where session_id = $1', [session.sessionId])).length >
        0,
    );
    expect((await block(person, tokenId)).answer?.token.openSessions).toEqual([{ id: session.sessionId }]);
  });
});
