// Real: Postgres, NATS, gRPC, GraphQL, an OCSP responder over HTTP. Played: the gateway by its calls, sessions by its events.
import { randomUUID } from 'node:crypto';
import { auth as contract, events, sessions } from '@kilowatch/contracts';
import { waitFor, type Asker, type TestPrincipal } from '@kilowatch/testing';
import { OcspResponder, testPki, type TestCertificate, type TestPki } from '@kilowatch/testing/pki';
import { certificateId, readCertificate } from '@kilowatch/trust';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { admin, AuthRig, decideRequest, DEMO, foreignOperator, operator } from './auth-rig.js';

const { DecisionStatus: Status } = contract;
const support: TestPrincipal = { accountId: randomUUID(), tenant: 'demo', role: 'support' };
let app: AuthRig;
let responder: OcspResponder;
let pki: TestPki;

beforeAll(async () => {
  [app, responder] = await Promise.all([
    AuthRig.start({ KW_EGRESS_ALLOW: '127.0.0.0/8' }),
    OcspResponder.start(),
  ]);
  pki = testPki({ ocspUrl: responder.url });
  responder.answersFor(...pki.authorities);
  await app.rig.graphql(
    admin,
    'mutation($input: SetTrustPolicyInput!) { setTrustPolicy(input: $input) { policy { crl } } }',
    { input: { origins: [responder.origin] } },
  );
  await importRoot();
});
afterAll(() => Promise.all([app.close(), responder.close()]));

const importRoot = () =>
  app.rig.graphql<{ importTrustAnchors: { added: number } }>(
    admin,
    'mutation($input: ImportTrustAnchorsInput!) { importTrustAnchors(input: $input) { added } }',
    { input: { pem: pki.moRoot.pem, purpose: 'CONTRACT' } },
  );

const CONTRACT = `id masked provider status validUntil token { id name account { id } } removalRequest { id state }
  certificates { serial validFrom validUntil revoked } installations { stationIdentity locationName }
  lastUse { at stationIdentity locationName }`;
const REQUEST =
  'id kind state masked provider name note reason account { id email } proof { stationIdentity } decidedAt';

interface ShownContract {
  readonly id: string;
  readonly masked: string;
  readonly provider: string;
  readonly status: string;
  readonly validUntil: string | null;
  readonly token: { readonly name: string | null; readonly account: { readonly id: string } | null };
  readonly removalRequest: { readonly id: string } | null;
  readonly certificates: readonly { readonly serial: string; readonly revoked: boolean }[];
  readonly installations: readonly { readonly stationIdentity: string | null }[];
  readonly lastUse: { readonly at: string; readonly stationIdentity: string | null } | null;
}
interface ShownRequest {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly masked: string;
  readonly note: string | null;
  readonly reason: string | null;
  readonly account: { readonly id: string } | null;
  readonly proof: { readonly stationIdentity: string | null } | null;
}

async function contracts(asker: Asker, over: Record<string, unknown> = {}) {
  const { data, codes } = await app.rig.graphql<{
    contracts: { totalCount: number; edges: { node: ShownContract }[]; pageInfo: { endCursor: string } };
  }>(
    asker,
    `query($first: Int!, $after: String, $search: String, $status: TokenStatus) {
      contracts(first: $first, after: $after, search: $search, status: $status) {
        totalCount edges { node { ${CONTRACT} } } pageInfo { endCursor } } }`,
    { first: 50, ...over },
  );
  return { codes, list: data?.contracts.edges.map(({ node }) => node) ?? [], ...data?.contracts };
}
async function contractOf(asker: Asker, id: string) {
  const { data } = await app.rig.graphql<{ contract: ShownContract | null }>(
    asker,
    `query($id: ID!) { contract(id: $id) { ${CONTRACT} } }`,
    { id },
  );
  return data!.contract;
}
async function requests(asker: Asker, state?: string) {
  const { data, codes } = await app.rig.graphql<{ contractRequests: { edges: { node: ShownRequest }[] } }>(
    asker,
    `query($state: ContractRequestState) { contractRequests(first: 100, state: $state) { edges { node { ${REQUEST} } } } }`,
    { state },
  );
  return { codes, list: data?.contractRequests.edges.map(({ node }) => node) ?? [] };
}
const change = (asker: Asker, field: string, type: string, value: Record<string, unknown>) =>
  app.mutate<{ request: ShownRequest }>(asker, field, { type, value }, `request { ${REQUEST} }`);
const ask = (asker: Asker, emaid: string, more: Record<string, unknown> = {}) =>
  change(asker, 'requestMyContract', 'RequestMyContractInput', { emaid, ...more });
const askRemoval = (asker: Asker, contractId: string) =>
  change(asker, 'requestContractRemoval', 'RequestContractRemovalInput', { contractId, note: 'car sold' });
const withdraw = (asker: Asker, id: string) =>
  change(asker, 'withdrawContractRequest', 'WithdrawContractRequestInput', { id });
const decide = (asker: Asker, id: string, approve: boolean, reason = 'seen at the counter') =>
  change(asker, 'decideContractRequest', 'DecideContractRequestInput', { id, approve, reason });
const setStatus = (asker: Asker, contractId: string, status: string, reason = 'stolen car') =>
  app.mutate<{ contract: ShownContract }>(
    asker,
    'setContractStatus',
    { type: 'SetContractStatusInput', value: { contractId, status, reason } },
    'contract { id status }',
  );

/** What drivers are told, in its order. */
const toldTo = async (accountId: string) =>
  (await app.rig.published(events.contractDecided))
    .filter((told) => told.accountId === accountId)
    .map(({ meta: _, accountId: __, ...told }) => told);

let serial = 0;
const newEmaid = () => `DE8AA9${String((serial += 1)).padStart(8, '0')}`;
const aDriver = () => app.createPerson(`contracts-${(serial += 1)}@example.org`);
/** A driver with a contract that an operator put on the account. */
async function aHolder() {
  const emaid = newEmaid();
  const email = `holder-${(serial += 1)}@example.org`;
  const person = await app.createPerson(email);
  await app.importTokens([{ value: emaid, type: 'eMAID', accountEmail: email }]);
  const [held] = (await contracts(person)).list;
  return { person, emaid, id: held!.id };
}

async function aStation(identity: string): Promise<string> {
  const [stationId, locationId] = [randomUUID(), randomUUID()];
  await app.rig.publish(
    events.locationChanged,
    { aggregateId: locationId, version: 1 },
    sessions.LocationChanged.fromPartial({
      location: { locationId, name: 'Harbour Garage', timeZone: 'Europe/Berlin' },
    }),
  );
  await app.rig.publish(
    events.stationChanged,
    { aggregateId: stationId, version: 1 },
    sessions.StationChanged.fromPartial({ station: { stationId, identity, locationId } }),
  );
  await waitFor('auth to know the station', async () => {
    const rows = await app.rig.sql(
      'select 1 from known_station s join known_location l using (tenant, location_id) where s.station_id = $1',
      [stationId],
    );
    return rows.length > 0 || undefined;
  });
  return stationId;
}

const leafOf = (emaid: string, over: Partial<Parameters<TestCertificate['issue']>[0]> = {}) =>
  pki.moSub2.issue({ subject: `CN=${emaid}, O=Mobility, DC=MO`, ocspUrl: responder.url, ...over });
/** On a busy machine the responder may be too late for a decision: then the station asks again. */
async function plugIn(
  emaid: string,
  stationId: string,
  leaf = leafOf(emaid),
): Promise<contract.DecideResponse> {
  const request = decideRequest(emaid, {
    stationId,
    idToken: { value: emaid, type: 'eMAID' },
    contract: { certificatePem: leaf.chain.map(({ pem }) => pem).join(''), hashes: [] },
  });
  for (let again = 5; ; again -= 1) {
    const decision = await app.service.decide(request, { ...DEMO, deadlineMs: 30_000 });
    if (decision.reason !== 'revocation_responder_timeout' || again === 0) return decision;
  }
}
const auditOf = (id: string) =>
  app.rig.sql<{ action: string; actor_id: string; reason: string; details: Record<string, string> }>(
    'select action, actor_id, reason, details from audit_entry where target_id = $1 order by id',
    [id],
  );

describe('a contract', () => {
  it('is shown to its holder with what is known of it, and its number to nobody', async () => {
    const { person, emaid, id } = await aHolder();
    expect((await contracts(person)).list).toMatchObject([
      {
        id,
        masked: `DE-8AA-****${emaid.slice(-4)}`,
        provider: 'DE-8AA',
        status: 'ACTIVE',
        validUntil: null,
        certificates: [],
        installations: [],
        lastUse: null,
      },
    ]);
    const stationId = await aStation('CP-CONTRACT-1');
    const leaf = leafOf(emaid);
    expect((await plugIn(emaid, stationId, leaf)).status).toBe(Status.DECISION_STATUS_ACCEPTED);
    const shown = await waitFor('its use to be told', async () => {
      const found = await contractOf(person, id);
      return found?.lastUse ? found : undefined;
    });
    expect(shown).toMatchObject({
      certificates: [{ serial: leaf.serial, revoked: false }],
      lastUse: { stationIdentity: 'CP-CONTRACT-1', locationName: 'Harbour Garage' },
    });
    expect(shown.validUntil).not.toBeNull();
    for (const asker of [person, operator, admin])
      expect(JSON.stringify(await contracts(asker))).not.toContain(emaid.slice(0, 12));
  });

  it('learns the times of a certificate that was seen before they were kept', async () => {
    const { person, emaid, id } = await aHolder();
    const leaf = leafOf(emaid);
    const { issuerKeyHash } = certificateId(leaf, readCertificate(pki.moSub2.der), 'SHA256');
    await app.rig.sql(
      `insert into contract_certificate (tenant, emaid_key, issuer_key_hash, serial, first_seen_at)
        values ('demo', $1, $2, $3, now())`,
      [emaid, issuerKeyHash, leaf.serial],
    );
    expect(await contractOf(person, id)).toMatchObject({
      validUntil: null,
      certificates: [{ revoked: false }],
    });
    await plugIn(emaid, randomUUID(), leaf);
    expect((await contractOf(person, id))!.validUntil).not.toBeNull();
  });

  it('is seen by its holder and operators, by nobody else', async () => {
    const { person, id } = await aHolder();
    const other = await aDriver();
    expect(await contractOf(person, id)).toMatchObject({ id });
    expect(await contractOf(operator, id)).toMatchObject({
      id,
      token: { account: { id: person.accountId } },
    });
    expect(await contractOf(other, id)).toBeNull();
    expect(await contractOf(foreignOperator, id)).toBeNull();
    expect((await contracts(other)).list).toEqual([]);
    expect((await contracts(foreignOperator)).list).toEqual([]);
    expect((await contracts(null)).codes).toEqual(['UNAUTHENTICATED']);
  });

  it('is not a card, and a card is no contract', async () => {
    const email = `card-${(serial += 1)}@example.org`;
    const person = await app.createPerson(email);
    await app.importTokens([
      { value: `04BEEF${String((serial += 1)).padStart(8, '0')}`, accountEmail: email },
    ]);
    expect((await contracts(person)).list).toEqual([]);
    const { data } = await app.rig.graphql<{ tokens: { edges: { node: { id: string } }[] } }>(
      person,
      '{ tokens(first: 5) { edges { node { id } } } }',
    );
    const cardId = data!.tokens.edges[0]!.node.id;
    expect(await contractOf(person, cardId)).toBeNull();
    expect((await setStatus(operator, cardId, 'BLOCKED')).codes).toEqual(['NOT_FOUND']);
    expect((await askRemoval(person, cardId)).codes).toEqual(['NOT_FOUND']);
  });

  it('is found by any part of its number; by support only by the whole', async () => {
    const { emaid, id } = await aHolder();
    const ids = async (asker: Asker, search: string) =>
      (await contracts(asker, { search })).list.map((one) => one.id);
    for (const search of [
      emaid,
      emaid.toLowerCase(),
      emaid.slice(3),
      emaid.slice(-6),
      `DE-8AA-${emaid.slice(5)}`,
    ])
      expect(await ids(operator, search)).toContain(id);
    expect(await ids(operator, 'emaid')).toEqual([]);
    expect(await ids(operator, '%')).toEqual([]);
    expect(await ids(support, emaid)).toEqual([id]);
    expect(await ids(support, emaid.slice(-6))).toEqual([]);
  });

  it('is listed page by page, and by status', async () => {
    const held = [await aHolder(), await aHolder(), await aHolder()];
    await setStatus(operator, held[1]!.id, 'BLOCKED');
    const first = await contracts(operator, { first: 1 });
    const second = await contracts(operator, { first: 1, after: first.pageInfo!.endCursor });
    expect(new Set([first.list[0]!.id, second.list[0]!.id]).size).toBe(2);
    expect(first.totalCount).toBeGreaterThanOrEqual(3);
    const blocked = await contracts(operator, { status: 'BLOCKED' });
    expect(blocked.list.map(({ id }) => id)).toContain(held[1]!.id);
    expect(blocked.list.every(({ status }) => status === 'BLOCKED')).toBe(true);
  });

  it('is blocked and unblocked by operators alone, with a reason, on record', async () => {
    const { person, emaid, id } = await aHolder();
    expect((await setStatus(person, id, 'BLOCKED')).codes).toEqual(['FORBIDDEN']);
    expect((await setStatus(foreignOperator, id, 'BLOCKED')).codes).toEqual(['NOT_FOUND']);
    expect((await setStatus(operator, id, 'BLOCKED', ' ')).codes).toEqual(['BAD_USER_INPUT']);
    expect((await setStatus(operator, id, 'BLOCKED')).answer?.contract.status).toBe('BLOCKED');
    const refused = await plugIn(emaid, randomUUID());
    expect([refused.status, refused.certificateStatus]).toEqual([
      Status.DECISION_STATUS_BLOCKED,
      'ContractCancelled',
    ]);
    await setStatus(operator, id, 'ACTIVE', 'found again');
    expect((await plugIn(emaid, randomUUID())).status).toBe(Status.DECISION_STATUS_ACCEPTED);
    expect(await auditOf(id)).toMatchObject([
      { action: 'token.status_set', reason: 'stolen car', details: { to: 'BLOCKED' } },
      { action: 'token.status_set', reason: 'found again', details: { to: 'ACTIVE' } },
    ]);
  });

  it('whose root was taken away is believed nowhere from then on, though its path was good a moment before', async () => {
    const { emaid } = await aHolder();
    expect((await plugIn(emaid, randomUUID())).status).toBe(Status.DECISION_STATUS_ACCEPTED);
    const { data } = await app.rig.graphql<{ trustAnchors: { edges: { node: { id: string } }[] } }>(
      admin,
      '{ trustAnchors(first: 1) { edges { node { id } } } }',
    );
    const { codes } = await app.rig.graphql(
      admin,
      'mutation($input: RemoveTrustAnchorInput!) { removeTrustAnchor(input: $input) { anchor { id } } }',
      { input: { id: data!.trustAnchors.edges[0]!.node.id, reason: 'leaked' } },
    );
    expect(codes).toEqual([]);
    const refused = await plugIn(emaid, randomUUID());
    expect([refused.status, refused.certificateStatus]).toEqual([
      Status.DECISION_STATUS_INVALID,
      'CertChainError',
    ]);
    expect((await importRoot()).data!.importTrustAnchors.added).toBe(1);
    expect((await plugIn(emaid, randomUUID())).status).toBe(Status.DECISION_STATUS_ACCEPTED);
  });
});

describe('a driver who asks for a contract', () => {
  it('gets it when an operator has seen that its car was plugged in since', async () => {
    const [person, emaid, stationId] = [await aDriver(), newEmaid(), await aStation('CP-CONTRACT-2')];
    // Somebody else drove there before: that proves nothing of who asks now.
    await plugIn(emaid, stationId);
    const { answer } = await ask(person, emaid.toLowerCase(), { name: 'Van', note: 'bought it' });
    const { id } = answer!.request;
    const waiting = async () => (await requests(operator, 'WAITING')).list.find((one) => one.id === id);
    expect(await waiting()).toMatchObject({
      ...{ kind: 'ADD', state: 'WAITING', proof: null, name: 'Van', note: 'bought it' },
      masked: `DE-8AA-****${emaid.slice(-4)}`,
      account: { id: person.accountId },
    });
    expect((await plugIn(emaid, stationId)).status).toBe(Status.DECISION_STATUS_UNKNOWN);
    expect(await waiting()).toMatchObject({ proof: { stationIdentity: 'CP-CONTRACT-2' } });
    const approved = await decide(operator, id, true);
    expect(approved.answer?.request).toMatchObject({ state: 'APPROVED', reason: 'seen at the counter' });
    expect((await contracts(person)).list).toMatchObject([{ status: 'ACTIVE', token: { name: 'Van' } }]);
    const decision = await plugIn(emaid, stationId);
    expect([decision.status, decision.accountId]).toEqual([
      Status.DECISION_STATUS_ACCEPTED,
      person.accountId,
    ]);
    expect((await decide(operator, id, true)).codes).toEqual([]);
    expect((await decide(operator, id, false)).codes).toEqual(['FAILED_PRECONDITION']);
    expect(await auditOf(id)).toMatchObject([
      { action: 'contract.requested', actor_id: person.accountId, reason: 'bought it' },
      { action: 'contract.added', actor_id: operator.accountId, reason: 'seen at the counter' },
    ]);
    expect(JSON.stringify(await auditOf(id))).not.toContain(emaid);
    expect(await toldTo(person.accountId)).toEqual([
      {
        masked: `DE-8AA-****${emaid.slice(-4)}`,
        name: 'Van',
        decision: 'ADDED',
        reason: 'seen at the counter',
      },
    ]);
  });

  it('asks once however often, also at the same moment, and for five at most', async () => {
    const [person, emaid] = [await aDriver(), newEmaid()];
    const asked = await Promise.all(Array.from({ length: 4 }, () => ask(person, emaid)));
    expect(new Set(asked.map(({ answer }) => answer?.request.id)).size).toBe(1);
    const more = [];
    for (let n = 0; n < 5; n += 1) more.push(await ask(person, newEmaid()));
    expect(more.map(({ codes }) => codes[0])).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      'FAILED_PRECONDITION',
    ]);
    expect((await withdraw(person, asked[0]!.answer!.request.id)).answer?.request.state).toBe('WITHDRAWN');
    expect((await ask(person, newEmaid())).codes).toEqual([]);
  });

  it('is not told whose it is, and gets none that is on another account', async () => {
    const { emaid, person: holder } = await aHolder();
    const person = await aDriver();
    expect((await ask(holder, emaid)).codes).toEqual(['FAILED_PRECONDITION']);
    const { answer, codes } = await ask(person, emaid);
    expect(codes).toEqual([]);
    expect((await decide(operator, answer!.request.id, true)).codes).toEqual(['CONFLICT']);
    expect((await decide(operator, answer!.request.id, false, ' ')).codes).toEqual(['BAD_USER_INPUT']);
    await decide(operator, answer!.request.id, false, 'it is not yours');
    expect((await requests(person)).list).toMatchObject([{ state: 'DECLINED', reason: 'it is not yours' }]);
    expect((await contracts(person)).list).toEqual([]);
    expect((await contracts(holder)).list).toHaveLength(1);
    expect(await toldTo(person.accountId)).toMatchObject([
      { decision: 'ADDING_DECLINED', reason: 'it is not yours' },
    ]);
  });

  it('hears what operators do to their contract unasked, but not why, and nothing of what changed nothing', async () => {
    const { person, emaid, id } = await aHolder();
    const before = await toldTo(person.accountId);
    for (const status of ['BLOCKED', 'BLOCKED', 'ACTIVE']) await setStatus(operator, id, status);
    // The same by the mutation for tokens of all kinds.
    const value = { tokenId: id, status: 'EXPIRED', reason: 'lease is over' };
    await app.mutate(operator, 'setTokenStatus', { type: 'SetTokenStatusInput', value }, 'token { id }');
    const told = (await toldTo(person.accountId)).slice(before.length);
    expect(told.map(({ decision, reason, masked }) => [decision, reason, masked])).toEqual(
      ['BLOCKED', 'RELEASED', 'EXPIRED'].map((decision) => [decision, '', `DE-8AA-****${emaid.slice(-4)}`]),
    );
    const { answer } = await askRemoval(person, id);
    await decide(operator, answer!.request.id, true, 'as you wish');
    // Nobody's contract any more: nobody is told.
    await setStatus(operator, id, 'ACTIVE');
    expect((await toldTo(person.accountId)).slice(before.length + 3)).toMatchObject([
      { decision: 'REMOVED', reason: 'as you wish' },
    ]);
  });

  it('is told nothing of a request they withdrew', async () => {
    const person = await aDriver();
    await withdraw(person, (await ask(person, newEmaid())).answer!.request.id);
    expect(await toldTo(person.accountId)).toEqual([]);
  });

  it('says what is a contract number', async () => {
    const person = await aDriver();
    expect((await ask(person, '04AB0001AA01')).codes).toEqual(['BAD_USER_INPUT']);
    expect((await ask(person, newEmaid(), { name: 'x'.repeat(61) })).codes).toEqual(['BAD_USER_INPUT']);
    expect((await requests(person)).list).toEqual([]);
  });

  it('sees and withdraws only what is theirs, and decides nothing', async () => {
    const [person, other] = [await aDriver(), await aDriver()];
    const { id } = (await ask(person, newEmaid(), { note: 'mine' })).answer!.request;
    expect((await requests(other)).list).toEqual([]);
    expect((await requests(foreignOperator)).list).toEqual([]);
    expect((await withdraw(other, id)).codes).toEqual(['NOT_FOUND']);
    expect((await decide(person, id, true)).codes).toEqual(['FORBIDDEN']);
    expect((await decide(foreignOperator, id, true)).codes).toEqual(['NOT_FOUND']);
    const seen = (await requests(support)).list.find((one) => one.id === id);
    expect(seen).toMatchObject({ note: '[hidden]' });
    expect((await withdraw(person, 'nonsense')).codes).toEqual(['NOT_FOUND']);
  });
});

describe('a driver who wants to be rid of a contract', () => {
  it('asks for it; approved, it is off the account and charges nothing', async () => {
    const { person, emaid, id } = await aHolder();
    const { answer } = await askRemoval(person, id);
    expect((await contractOf(person, id))!.removalRequest).toMatchObject({ id: answer!.request.id });
    expect((await askRemoval(person, id)).answer?.request.id).toBe(answer!.request.id);
    await decide(operator, answer!.request.id, true);
    expect((await contracts(person)).list).toEqual([]);
    expect((await plugIn(emaid, randomUUID())).status).toBe(Status.DECISION_STATUS_BLOCKED);
    expect(await contractOf(operator, id)).toMatchObject({ status: 'BLOCKED', token: { account: null } });
    expect((await auditOf(answer!.request.id)).map(({ action }) => action)).toEqual([
      'contract.removal_requested',
      'contract.removed',
    ]);
    // Whoever has the car now asks for it, and has it free.
    const next = await aDriver();
    const asked = await ask(next, emaid);
    await decide(operator, asked.answer!.request.id, true);
    expect((await plugIn(emaid, randomUUID())).accountId).toBe(next.accountId);
  });

  it('cannot have one removed that has gone to somebody else meanwhile', async () => {
    const { person, emaid, id } = await aHolder();
    const { answer } = await askRemoval(person, id);
    const email = `next-${(serial += 1)}@example.org`;
    await app.createPerson(email);
    await app.importTokens([{ value: emaid, type: 'eMAID', accountEmail: email }]);
    expect((await decide(operator, answer!.request.id, true)).codes).toEqual(['CONFLICT']);
    expect((await plugIn(emaid, randomUUID())).status).toBe(Status.DECISION_STATUS_ACCEPTED);
  });
});
