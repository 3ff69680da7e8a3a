// Real: Postgres (own role, row-level security), HTTP, GraphQL. An eMSP of our own is the partner.
import type { MockEmsp, TestPrincipal } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EmittedBodies } from './emitted-bodies.js';
import { driver, foreignOperator, OcpiRig, operator } from './ocpi-rig.js';

const emitted = new EmittedBodies();
const { seen } = emitted;

let app: OcpiRig;
beforeAll(async () => {
  app = await OcpiRig.start();
});
afterAll(() => app.close());

const aPartner = () => app.aPartner({}, seen);

describe('the handshake that a partner starts', () => {
  it('spends token A, answers with a new token and knows who the partner is', async () => {
    const { emsp, tokenA, partnerId } = await aPartner();
    expect(emsp.tokenForThem).toMatch(/^[\x21-\x7e]{20,64}$/);
    expect((await emsp.send('GET', emsp.theirs.versionsUrl, { token: tokenA })).http).toBe(401);
    expect((await app.partners()).find(({ id }) => id === partnerId)).toMatchObject({
      state: 'REGISTERED',
      countryCode: 'DE',
      partyId: 'MOC',
      version: '2.2.1',
    });
    const mine = await emsp.send('GET', emsp.endpoint('credentials'));
    seen('CredentialsResponse', mine);
    expect(mine.body.data).toMatchObject({ token: emsp.tokenForThem, url: `${app.base}/ocpi/versions` });
    const post = await emsp.send('POST', emsp.endpoint('credentials'), { body: emsp.credentials('again') });
    expect(post.http).toBe(405);
  });

  it('lets token A into versions and credentials only', async () => {
    const emsp = await app.anEmsp();
    const { tokenA, versionsUrl } = await app.invite(operator, { name: 'X' });
    expect((await emsp.send('GET', versionsUrl, { token: tokenA, raw: true })).http).toBe(200);
    expect((await emsp.send('GET', `${app.base}/ocpi/2.2.1/locations`, { token: tokenA })).http).toBe(401);
    expect(
      (
        await emsp.send('PUT', `${app.base}/ocpi/2.2.1/credentials`, {
          token: tokenA,
          body: emsp.credentials('b'),
        })
      ).http,
    ).toBe(405);
    expect((await emsp.send('DELETE', `${app.base}/ocpi/2.2.1/credentials`, { token: tokenA })).http).toBe(
      405,
    );
  });

  it.each([
    ['no common version', 3002, (emsp: MockEmsp) => void (emsp.versions = ['2.1.1'])],
    ['no credentials endpoint', 3003, (emsp: MockEmsp) => void (emsp.modules = ['tokens'])],
    ['a call-back that fails', 3001, (emsp: MockEmsp) => void (emsp.versions = [])],
  ])('that meets %s leaves token A valid', async (_, status, spoil) => {
    const emsp = await app.anEmsp();
    const { tokenA, versionsUrl } = await app.invite(operator, { name: 'X' });
    spoil(emsp);
    if (status === 3001) await emsp.close();
    const refused = await emsp.register(versionsUrl, tokenA, () => {});
    expect([refused.http, refused.body.status_code]).toEqual([200, status]);
    expect((await emsp.send('GET', versionsUrl, { token: tokenA })).http).toBe(200);
  });

  it('done twice at once registers once', async () => {
    const emsp = await app.anEmsp();
    const { tokenA, versionsUrl } = await app.invite(operator, { name: 'X' });
    emsp.tokenForUs = 'token-b';
    const post = () =>
      emsp.send('POST', `${app.base}/ocpi/2.2.1/credentials`, {
        token: tokenA,
        body: emsp.credentials('token-b'),
      });
    const answers = await Promise.all([post(), post(), post()]);
    expect(answers.map(({ http }) => http).sort()).toEqual([200, 401, 401]);
    expect((await emsp.send('GET', versionsUrl, { token: tokenA })).http).toBe(401);
  });

  it('refuses what is no JSON and what is no credentials', async () => {
    const emsp = await app.anEmsp();
    const { tokenA } = await app.invite(operator, { name: 'X' });
    const post = (body: unknown) =>
      emsp.send('POST', `${app.base}/ocpi/2.2.1/credentials`, { token: tokenA, body });
    const broken = await post('{"token": ');
    expect([broken.http, broken.body.status_code]).toEqual([400, 2001]);
    const empty = await post({});
    expect([empty.http, empty.body.status_code]).toEqual([200, 2001]);
    expect(empty.body).not.toHaveProperty('data');
    seen('OcpiResponse', empty);
  });

  it('rotates by PUT with a fresh look at the versions, and ends by DELETE', async () => {
    const { emsp, partnerId } = await aPartner();
    const before = emsp.tokenForThem;
    emsp.tokenForUs = 'rotated-b';
    const looks = emsp.requests.length;
    const put = await emsp.send('PUT', emsp.endpoint('credentials'), { body: emsp.credentials('rotated-b') });
    seen('CredentialsResponse', put);
    expect(emsp.requests.slice(looks).map(({ path }) => path)).toEqual(['/versions', '/2.2.1']);
    emsp.tokenForThem = (put.body.data as { token: string }).token;
    expect(emsp.tokenForThem).not.toBe(before);
    expect((await emsp.send('GET', emsp.endpoint('locations'), { token: before })).http).toBe(401);
    expect((await emsp.send('GET', emsp.endpoint('locations'))).http).toBe(200);
    expect((await emsp.send('DELETE', emsp.endpoint('credentials'))).body.status_code).toBe(1000);
    expect((await emsp.send('GET', emsp.endpoint('locations'))).http).toBe(401);
    expect((await app.partners()).find(({ id }) => id === partnerId)!.state).toBe('REMOVED');
  });

  it('that fails in a rotation leaves the old token valid', async () => {
    const { emsp } = await aPartner();
    emsp.versions = ['2.1.1'];
    const put = await emsp.send('PUT', emsp.endpoint('credentials'), {
      body: emsp.credentials(emsp.tokenForUs!),
    });
    expect(put.body.status_code).toBe(3002);
    expect((await emsp.send('GET', emsp.endpoint('locations'))).http).toBe(200);
  });

  it('stores no token that a copy of the database would give away', async () => {
    const { emsp, tokenA } = await aPartner();
    const dump = JSON.stringify([
      await app.rig.sql('select * from partner'),
      await app.rig.sql('select * from partner_token'),
    ]);
    for (const token of [tokenA, emsp.tokenForThem, emsp.tokenForUs!]) {
      expect(dump).not.toContain(token);
      expect(dump).not.toContain(Buffer.from(token).toJSON().data.join(','));
    }
  });
});

describe('the handshake that we start', () => {
  it('serves our versions to the new token before the partner answers, and nothing else', async () => {
    const emsp = await app.anEmsp();
    const inside: number[] = [];
    emsp.duringPost = async (token) => {
      for (const path of ['versions', '2.2.1', '2.2.1/locations', '2.2.1/credentials']) {
        inside.push((await emsp.send('GET', `${app.base}/ocpi/${path}`, { token })).http);
      }
    };
    const { data, errors } = await app.registerWith(emsp);
    expect(errors).toEqual([]);
    expect(data!.registerWithOcpiPartner.partner).toMatchObject({
      state: 'REGISTERED',
      countryCode: 'DE',
      partyId: 'MOC',
    });
    expect(inside).toEqual([200, 200, 401, 401]);
    expect((await emsp.send('GET', `${app.base}/ocpi/2.2.1/locations`)).http).toBe(200);
    expect(emsp.requests.every(({ headers }) => headers['x-request-id'] && headers['x-correlation-id'])).toBe(
      true,
    );
  });

  it('finds out that a partner wants its token raw', async () => {
    const emsp = await app.anEmsp();
    emsp.wantsRaw = true;
    expect((await app.registerWith(emsp)).data!.registerWithOcpiPartner.partner.state).toBe('REGISTERED');
  });

  it('that is refused leaves no valid token behind', async () => {
    const emsp = await app.anEmsp();
    emsp.refuseWith = 3001;
    let tokenB = '';
    emsp.duringPost = async (token) => void (tokenB = token);
    expect((await app.registerWith(emsp)).codes).toEqual(['FAILED_PRECONDITION']);
    expect((await emsp.send('GET', `${app.base}/ocpi/versions`, { token: tokenB })).http).toBe(401);
  });

  it('does not POST when endpoints are missing, and goes only where the egress policy lets it', async () => {
    const emsp = await app.anEmsp();
    emsp.modules = ['tokens'];
    expect((await app.registerWith(emsp)).codes).toEqual(['FAILED_PRECONDITION']);
    expect(emsp.requests.some(({ method }) => method === 'POST')).toBe(false);
    const elsewhere = await app.rig.graphql(
      operator,
      'mutation($input: RegisterWithOcpiPartnerInput!) { registerWithOcpiPartner(input: $input) { partner { id } } }',
      { input: { name: 'X', versionsUrl: 'http://169.254.169.254/latest', tokenA: 'x' } },
    );
    expect(elsewhere.codes).toEqual(['FORBIDDEN']);
  });

  it('is undone by the operator both ways', async () => {
    const emsp = await app.anEmsp();
    const { id } = (await app.registerWith(emsp)).data!.registerWithOcpiPartner.partner;
    const remove = (principal: TestPrincipal) => app.ofPartner('removeOcpiPartner', id, principal);
    expect((await remove(foreignOperator)).codes).toEqual(['NOT_FOUND']);
    expect((await remove(driver)).codes).toEqual(['FORBIDDEN']);
    expect((await remove(operator)).data).toMatchObject({
      removeOcpiPartner: { partner: { state: 'REMOVED' } },
    });
    expect(emsp.requests.at(-1)).toMatchObject({ method: 'DELETE', path: '/2.2.1/credentials' });
    expect((await emsp.send('GET', `${app.base}/ocpi/versions`)).http).toBe(401);
    expect((await remove(operator)).codes).toEqual([]);
  });
});

it('every answer of a handshake follows the independent schemas of OCPI 2.2.1', (context) => {
  emitted.follow(context, [
    'CredentialsResponse',
    'OcpiResponse',
    'VersionDetailsResponse',
    'VersionListResponse',
  ]);
});
