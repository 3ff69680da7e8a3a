// Real: Postgres (own role, row-level security), HTTP, GraphQL. An eMSP of our own is the partner.
import { randomUUID } from 'node:crypto';
import type { MockEmsp, TestPrincipal } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { driver, foreignOperator, OcpiRig, operator } from './ocpi-rig.js';

let app: OcpiRig;
beforeAll(async () => {
  app = await OcpiRig.start();
});
afterAll(() => app.close());

const rotate = (partnerId: string, principal: TestPrincipal | null = operator) =>
  app.ofPartner('rotateOcpiCredentials', partnerId, principal);
/** What a token of ours opens: 200 or 401 for versions and for a module. */
const opens = async (emsp: MockEmsp, token: string) => [
  (await emsp.send('GET', `${app.base}/ocpi/versions`, { token })).http,
  (await emsp.send('GET', `${app.base}/ocpi/2.2.1/tariffs`, { token })).http,
];
const EVERYTHING = [200, 200];
const NOTHING = [401, 401];
const VERSIONS = [200, 401];
/** Our goodbye shows which token of theirs we hold. */
const reaches = async (emsp: MockEmsp, partnerId: string) => {
  await app.ofPartner('removeOcpiPartner', partnerId);
  return emsp.tokenForUs === undefined;
};

describe('a rotation that an operator starts', () => {
  it('gives both sides new tokens after a fresh look at the versions, and ends the old ones (C4)', async () => {
    const { emsp, partnerId } = await app.aPartner();
    const [oldOfUs, oldOfThem] = [emsp.tokenForThem, emsp.tokenForUs];
    const looks = emsp.requests.length;
    const { data, codes } = await rotate(partnerId);
    expect([codes, data?.['rotateOcpiCredentials']?.partner]).toMatchObject([
      [],
      { id: partnerId, state: 'REGISTERED', countryCode: 'DE', partyId: 'MOC' },
    ]);
    expect(emsp.requests.slice(looks).map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /versions',
      'GET /2.2.1',
      'PUT /2.2.1/credentials',
    ]);
    expect(emsp.tokenForThem).not.toBe(oldOfUs);
    expect(emsp.tokenForUs).not.toBe(oldOfThem);
    expect(await opens(emsp, oldOfUs)).toEqual(NOTHING);
    expect(await opens(emsp, emsp.tokenForThem)).toEqual(EVERYTHING);
    expect(await reaches(emsp, partnerId)).toBe(true);
  });

  it('keeps both of our tokens good until the partner has answered', async () => {
    const { emsp, partnerId } = await app.aPartner();
    const old = emsp.tokenForThem;
    const inside: number[][] = [];
    emsp.duringPost = async (token) => void inside.push(await opens(emsp, old), await opens(emsp, token));
    expect((await rotate(partnerId)).codes).toEqual([]);
    expect(inside).toEqual([EVERYTHING, EVERYTHING]);
  });

  it('works with a partner we registered with, and one that wants its token raw', async () => {
    const emsp = await app.anEmsp();
    emsp.wantsRaw = true;
    const { id } = (await app.registerWith(emsp)).data!.registerWithOcpiPartner.partner;
    expect((await rotate(id)).codes).toEqual([]);
    expect(await opens(emsp, emsp.tokenForThem)).toEqual(EVERYTHING);
  });

  it('can follow another', async () => {
    const { emsp, partnerId } = await app.aPartner();
    const tokens = [emsp.tokenForThem];
    for (const _ of [1, 2]) {
      expect((await rotate(partnerId)).codes).toEqual([]);
      tokens.push(emsp.tokenForThem);
    }
    expect(await Promise.all(tokens.map((token) => opens(emsp, token)))).toEqual([
      NOTHING,
      NOTHING,
      EVERYTHING,
    ]);
  });
});

describe('a rotation that fails', () => {
  it.each([
    ['the partner refuses', (emsp: MockEmsp) => void (emsp.refuseWith = 3001)],
    ['it has no common version any more', (emsp: MockEmsp) => void (emsp.versions = ['2.1.1'])],
    ['it offers no credentials any more', (emsp: MockEmsp) => void (emsp.modules = ['tokens'])],
  ])('because %s leaves the old tokens valid and no new one', async (_why, spoil) => {
    const { emsp, partnerId } = await app.aPartner();
    let offered = '';
    emsp.duringPost = async (token) => void (offered = token);
    spoil(emsp);
    expect((await rotate(partnerId)).codes).toEqual(['FAILED_PRECONDITION']);
    expect(await opens(emsp, emsp.tokenForThem)).toEqual(EVERYTHING);
    if (offered) expect(await opens(emsp, offered)).toEqual(NOTHING);
    expect(await reaches(emsp, partnerId)).toBe(true);
  });

  it('because the partner is away leaves the old tokens valid', async () => {
    const { emsp, partnerId } = await app.aPartner();
    await emsp.close();
    expect((await rotate(partnerId)).codes).not.toEqual([]);
    expect(await opens(emsp, emsp.tokenForThem)).toEqual(EVERYTHING);
  });

  it('because its answer got lost leaves both tokens valid, whichever the partner goes on with', async () => {
    const { emsp, partnerId } = await app.aPartner();
    const old = emsp.tokenForThem;
    emsp.losesAnswer = true;
    expect((await rotate(partnerId)).codes).not.toEqual([]);
    expect(emsp.tokenForThem).not.toBe(old);
    expect(await opens(emsp, old)).toEqual(EVERYTHING);
    expect(await opens(emsp, emsp.tokenForThem)).toEqual(EVERYTHING);
    // The partner mends it with a PUT of its own, and only what that gives is left.
    emsp.losesAnswer = false;
    emsp.tokenForUs = `mended-${randomUUID()}`;
    const [between, body] = [emsp.tokenForThem, emsp.credentials(emsp.tokenForUs)];
    const put = await emsp.send('PUT', emsp.endpoint('credentials'), { body });
    emsp.tokenForThem = (put.body.data as { token: string }).token;
    expect([await opens(emsp, old), await opens(emsp, between)]).toEqual([NOTHING, VERSIONS]);
    expect(await opens(emsp, emsp.tokenForThem)).toEqual(EVERYTHING);
    expect(await opens(emsp, between)).toEqual(NOTHING);
    expect((await rotate(partnerId)).codes).toEqual([]);
  });

  it('because the partner rotated itself meanwhile keeps what that one agreed', async () => {
    const { emsp, partnerId } = await app.aPartner();
    let theirs = '';
    emsp.duringPost = async () => {
      emsp.duringPost = async () => {};
      emsp.tokenForUs = `their-own-${randomUUID()}`;
      const body = emsp.credentials(emsp.tokenForUs);
      const put = await emsp.send('PUT', emsp.endpoint('credentials'), { body });
      theirs = (put.body.data as { token: string }).token;
    };
    expect((await rotate(partnerId)).codes).toEqual(['CONFLICT']);
    expect(await opens(emsp, theirs)).toEqual(EVERYTHING);
  });
});

describe('a rotation that the partner starts', () => {
  const put = async (emsp: MockEmsp, token: string, tokenForUs = `theirs-${randomUUID()}`) => {
    emsp.tokenForUs = tokenForUs;
    const body = emsp.credentials(emsp.tokenForUs);
    const answer = await emsp.send('PUT', emsp.endpoint('credentials'), { token, body });
    return { http: answer.http, token: (answer.body.data as { token: string } | undefined)?.token ?? '' };
  };

  it('can be done again with the token it had, when our answer got lost, until the new one is used', async () => {
    const { emsp, partnerId } = await app.aPartner();
    const old = emsp.tokenForThem;
    const lost = await put(emsp, old);
    expect(await opens(emsp, old)).toEqual(VERSIONS);
    const again = await put(emsp, old);
    expect(again.http).toBe(200);
    expect(await opens(emsp, again.token)).toEqual(EVERYTHING);
    expect(await opens(emsp, lost.token)).toEqual(NOTHING);
    expect([await opens(emsp, old), (await put(emsp, old)).http]).toEqual([NOTHING, 401]);
    const next = await put(emsp, again.token);
    expect(await opens(emsp, next.token)).toEqual(EVERYTHING);
    expect(await opens(emsp, again.token)).toEqual(NOTHING);
    expect(await reaches(emsp, partnerId)).toBe(true);
  });

  it.each([0, 1])('and sends twice at once is good with either answer, no. %i', async (used) => {
    const { emsp } = await app.aPartner();
    const [old, ours] = [emsp.tokenForThem, `theirs-${randomUUID()}`];
    const answers = await Promise.all([put(emsp, old, ours), put(emsp, old, ours)]);
    expect(await opens(emsp, answers[used]!.token)).toEqual(EVERYTHING);
    expect(await opens(emsp, old)).toEqual(NOTHING);
  });
});

describe('a partner that is removed', () => {
  it('while we look at its versions for a rotation gets no token of it, though it never heard of its end', async () => {
    const { emsp, partnerId } = await app.aPartner();
    const heldByThem = emsp.tokenForUs;
    emsp.duringVersions = async () => {
      emsp.duringVersions = async () => {};
      await app.ofPartner('removeOcpiPartner', partnerId);
      emsp.tokenForUs = heldByThem;
    };
    expect((await rotate(partnerId)).codes).toEqual(['FAILED_PRECONDITION']);
    expect(await opens(emsp, emsp.tokenForThem)).toEqual(NOTHING);
    expect(await app.rig.sql('select 1 from partner_token where partner_id = $1', [partnerId])).toEqual([]);
  });

  it('while it answers our registration stays removed', async () => {
    const emsp = await app.anEmsp();
    emsp.duringPost = async () => {
      const begun = (await app.partners()).find(({ state, partyId }) => state === 'INVITED' && !partyId);
      await app.ofPartner('removeOcpiPartner', begun!.id);
    };
    const before = await app.partners();
    expect((await app.registerWith(emsp)).codes).toEqual(['FAILED_PRECONDITION']);
    const added = (await app.partners()).filter(({ id }) => !before.some((partner) => partner.id === id));
    expect(added.map(({ state }) => state)).toEqual(['REMOVED']);
  });
});

describe('nobody rotates', () => {
  it('a partner of another tenant, and drivers rotate none', async () => {
    const { emsp, partnerId } = await app.aPartner();
    const puts = () => emsp.requests.filter(({ method }) => method === 'PUT').length;
    expect((await rotate(partnerId, foreignOperator)).codes).toEqual(['NOT_FOUND']);
    expect((await rotate(partnerId, driver)).codes).toEqual(['FORBIDDEN']);
    expect((await rotate(partnerId, null)).codes).toEqual(['UNAUTHENTICATED']);
    expect((await rotate(randomUUID())).codes).toEqual(['NOT_FOUND']);
    expect((await rotate('nonsense')).codes).toEqual(['NOT_FOUND']);
    expect(puts()).toBe(0);
  });

  it('a partner that is only invited, or removed', async () => {
    const { partner } = await app.invite(operator, { name: 'Invited' });
    expect((await rotate(partner.id)).codes).toEqual(['FAILED_PRECONDITION']);
    const { partnerId } = await app.aPartner();
    await app.ofPartner('removeOcpiPartner', partnerId);
    expect((await rotate(partnerId)).codes).toEqual(['FAILED_PRECONDITION']);
  });
});
