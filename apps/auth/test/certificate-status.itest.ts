// Real: Postgres, gRPC, an OCSP responder and a server of lists over HTTP, a listener that nobody may ever reach. Played: the gateway.
import { randomUUID } from 'node:crypto';
import { auth } from '@kilowatch/contracts';
import {
  CrlServer,
  hashDataOf,
  OcspResponder,
  startTrap,
  testPki,
  type TestPki,
} from '@kilowatch/testing/pki';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { admin, AuthRig, DEMO } from './auth-rig.js';

let app: AuthRig;
let responder: OcspResponder;
let lists: CrlServer;
let trap: Awaited<ReturnType<typeof startTrap>>;
let pki: TestPki;

beforeAll(async () => {
  [app, responder, trap] = await Promise.all([
    AuthRig.start({ KW_EGRESS_ALLOW: '127.0.0.0/8' }),
    OcspResponder.start(),
    startTrap(),
  ]);
  pki = testPki({ ocspUrl: responder.url });
  responder.answersFor(...pki.authorities);
  lists = await CrlServer.start(pki.moSub2);
  await app.rig.graphql(
    admin,
    'mutation($input: SetTrustPolicyInput!) { setTrustPolicy(input: $input) { policy { crl } } }',
    { input: { origins: [responder.origin, lists.origin], crl: 'FALLBACK' } },
  );
  await app.rig.graphql(
    admin,
    'mutation($input: ImportTrustAnchorsInput!) { importTrustAnchors(input: $input) { added } }',
    { input: { pem: pki.moRoot.pem, purpose: 'CONTRACT' } },
  );
  await app.rig.graphql(
    admin,
    'mutation($input: ImportTrustIntermediatesInput!) { importTrustIntermediates(input: $input) { added } }',
    { input: { pem: pki.moSub1.pem + pki.moSub2.pem } },
  );
});
afterAll(() => Promise.all([app.close(), responder.close(), lists.close(), trap.close()]));
beforeEach(() => responder.reset());

const newLeaf = () => pki.moSub2.issue({ subject: 'CN=DE8AA001234567, O=Mobility, DC=MO' });
type Leaf = ReturnType<typeof newLeaf>;
const hashOf = (leaf: Pick<Leaf, 'serial'>, url: string, issuer = pki.moSub2): auth.CertificateHash => {
  const { responderURL: responderUrl, ...hash } = hashDataOf(leaf, issuer, url);
  return { ...hash, responderUrl };
};
/** The machine may have other work. */
const CALL = { ...DEMO, deadlineMs: 30_000 };
const client = () => app.rig.grpc(auth.ContractServiceClient);
const raw = (hash: auth.CertificateHash | undefined) =>
  client().getCertificateStatus({ stationId: randomUUID(), hash }, CALL);
const chain = async (...certificates: Partial<auth.ChainStatusQuestion>[]) => {
  const questions = certificates.map((one) => auth.ChainStatusQuestion.fromPartial(one));
  return (await client().getChainStatus({ stationId: randomUUID(), certificates: questions }, CALL))
    .certificates;
};
const byOcsp = (leaf: Leaf, ...urls: string[]) => ({ hash: hashOf(leaf, ''), byCrl: false, urls });
const byList = (leaf: Leaf, ...urls: string[]) => ({ hash: hashOf(leaf, ''), byCrl: true, urls });

describe('C5: what a responder says, for a station to staple', () => {
  it('is passed on as it came, and asked for once while it is fresh', async () => {
    const leaf = newLeaf();
    const { ocspResponse, reasonCode } = await raw(hashOf(leaf, responder.url));
    expect([reasonCode, ocspResponse[0]]).toEqual(['', 0x30]);
    const again = await raw(hashOf(leaf, responder.url));
    expect(Buffer.from(again.ocspResponse)).toEqual(Buffer.from(ocspResponse));
    expect(responder.requests).toHaveLength(1);
  });

  it('is passed on about a certificate that is revoked, too', async () => {
    const leaf = newLeaf();
    responder.revoke(leaf);
    expect((await raw(hashOf(leaf, responder.url))).ocspResponse.length).toBeGreaterThan(100);
  });

  it('is none, with the reason, when nobody may be asked or knows the issuer', async () => {
    const foreign = testPki().moSub2;
    expect(await raw(hashOf(newLeaf(), trap.url))).toMatchObject({ reasonCode: 'ResponderNotAllowed' });
    expect(await raw(hashOf(newLeaf(), ''))).toMatchObject({ reasonCode: 'NoResponder' });
    expect(await raw(hashOf(newLeaf(), responder.url, foreign))).toMatchObject({
      reasonCode: 'UnknownIssuer',
    });
    expect(await raw({ ...hashOf(newLeaf(), responder.url), serialNumber: 'zz' })).toMatchObject({
      reasonCode: 'UnknownIssuer',
    });
    responder.mode = 'wrong-signer';
    expect((await raw(hashOf(newLeaf(), responder.url))).ocspResponse).toHaveLength(0);
    await expect(raw(undefined)).rejects.toMatchObject({ kind: 'INVALID' });
    expect(trap.hits()).toBe(0);
  });
});

describe('C6 (2.1 M07): what is known of each certificate of a car', () => {
  it('is said in the order of the questions, by responder or by list, and until when it counts', async () => {
    const [good, revoked, listed, unlisted, forgotten] = [
      newLeaf(),
      newLeaf(),
      newLeaf(),
      newLeaf(),
      newLeaf(),
    ];
    responder.revoke(revoked);
    responder.forget(forgotten);
    lists.revoke(listed);
    const begun = Date.now();
    const words = await chain(
      byOcsp(good, responder.url),
      byOcsp(revoked, responder.url),
      byList(listed, lists.url),
      byList(unlisted, lists.url),
    );
    expect(words.map(({ status }) => status)).toEqual(['Good', 'Revoked', 'Revoked', 'Good']);
    expect((await chain(byOcsp(forgotten, responder.url)))[0]!.status).toBe('Unknown');
    for (const { nextUpdate } of words) expect(nextUpdate!.getTime()).toBeGreaterThan(begun);
  });

  it('is Failed where nobody can tell, and to be asked again soon', async () => {
    const begun = Date.now();
    const words = await chain(
      byOcsp(newLeaf(), trap.url),
      byOcsp(newLeaf()),
      byList(newLeaf(), `${trap.url}/list.crl`),
      { byCrl: false, urls: [responder.url] },
    );
    expect(words.map(({ status }) => status)).toEqual(Array(4).fill('Failed'));
    for (const { nextUpdate } of words) {
      expect(nextUpdate!.getTime()).toBeGreaterThan(begun);
      expect(nextUpdate!.getTime()).toBeLessThan(Date.now() + 3_600_000);
    }
    expect(trap.hits()).toBe(0);
  });

  it('is not told for more than four at a time, nor to what is no station', async () => {
    const five = Array.from({ length: 5 }, () => byOcsp(newLeaf(), responder.url));
    await expect(chain(...five)).rejects.toMatchObject({ kind: 'INVALID' });
    const request = { stationId: 'nobody', certificates: [] };
    await expect(client().getChainStatus(request, CALL)).rejects.toMatchObject({ kind: 'INVALID' });
  });
});
