// What a station may show of a contract, and the two words it must be told (OCPP 2.0.1 C07.FR.13 to FR.17). Every certificate of
// these cases has a responder that calls it good, unless the case is about the responder.
import {
  hashDataOf,
  hostileChains,
  quirkyHashData,
  testPki,
  TEST_EMAID,
  type KeyKind,
  type OcspMode,
  type OcspResponder,
  TestCertificate,
  type TestHashData,
  type TestPki,
} from '@kilowatch/testing/pki';

export interface AuthorizeCase {
  readonly name: string;
  readonly idToken: string;
  /** Default: eMAID. */
  readonly tokenType?: string;
  readonly chain?: string;
  readonly hashes?: readonly TestHashData[];
  /** certificateStatus (undefined: none is told) and idTokenInfo.status. */
  readonly expected: readonly [string | undefined, string];
}

type Pair = AuthorizeCase['expected'];

const GOOD: Pair = ['Accepted', 'Accepted'];
const BROKEN: Pair = ['CertChainError', 'Invalid'];
const EXPIRED: Pair = ['CertificateExpired', 'Expired'];
const REVOKED: Pair = ['CertificateRevoked', 'Invalid'];

/** Contracts whose tokens the company knows, by what it thinks of them. */
export const CONTRACTS = {
  active: TEST_EMAID,
  blocked: 'DE8AA100000001',
  expired: 'DE8AA100000002',
  unknown: 'DE8AA100000003',
  elsewhere: 'DE8AA100000004',
  direct: 'DE8AA100000005',
  prepaid: 'DE8AA100000006',
  busy: 'DE8AA100000007',
  hashOnly: 'DE8AA100000008',
  checked: 'DE8AA100000009',
  bound: 'DE8AA100000010',
  // Never shown with a chain: hash data are all that is known of their certificates.
  hashBlocked: 'DE8AA100000011',
  hashUnknown: 'DE8AA100000012',
  hashElsewhere: 'DE8AA100000013',
  hashPrepaid: 'DE8AA100000014',
} as const;
type Contract = keyof typeof CONTRACTS;

/** What a good chain is answered, by the token behind it. */
const BY_TOKEN: Readonly<Partial<Record<Contract, Pair>>> = {
  active: GOOD,
  blocked: ['ContractCancelled', 'Blocked'],
  expired: ['ContractCancelled', 'Expired'],
  unknown: ['ContractCancelled', 'Unknown'],
  elsewhere: ['Accepted', 'NotAtThisLocation'],
  direct: ['Accepted', 'NotAllowedTypeEVSE'],
  prepaid: ['Accepted', 'NoCredit'],
  busy: ['Accepted', 'ConcurrentTx'],
};

const OCSP: Readonly<Record<OcspMode, Pair>> = {
  normal: GOOD,
  delegate: GOOD,
  'without-nonce': GOOD,
  'without-next-update': GOOD,
  slow: GOOD,
  stale: BROKEN,
  future: BROKEN,
  replayed: BROKEN,
  'wrong-nonce': BROKEN,
  'wrong-signer': BROKEN,
  tampered: BROKEN,
  'sha1-signature': BROKEN,
  'delegate-without-purpose': BROKEN,
  'expired-delegate': BROKEN,
  'wrong-serial': BROKEN,
  'try-later': BROKEN,
  'internal-error': BROKEN,
  unauthorized: BROKEN,
  'http-error': BROKEN,
  'http-refusal': BROKEN,
  silent: BROKEN,
  oversized: BROKEN,
  redirecting: BROKEN,
  garbage: BROKEN,
  'hang-up': BROKEN,
};

/** Hierarchies whose roots the company trusts. */
export const HIERARCHIES: readonly KeyKind[] = ['P-256', 'P-384', 'P-521', 'RSA-2048', 'Ed448'];

export interface AuthorizeWorld {
  readonly pkis: ReadonlyMap<KeyKind, TestPki>;
  readonly responder: OcspResponder;
  /** An authority for contracts that the company knows, and that has been revoked since. */
  readonly revokedSub: TestCertificate;
  /** Where nobody may ever knock. */
  readonly trapUrl: string;
}

export function madeWorld(responder: OcspResponder, trapUrl: string): AuthorizeWorld {
  const ocspUrl = responder.url;
  const pkis = new Map(HIERARCHIES.map((key) => [key, testPki({ key, ocspUrl })]));
  for (const { authorities } of pkis.values()) responder.answersFor(...authorities);
  const { moSub1 } = pkis.get('P-256')!;
  const revokedSub = moSub1.issue({ subject: 'CN=MO revoked, DC=MO', ca: true, pathLength: 0, ocspUrl });
  responder.answersFor(revokedSub);
  responder.revoke(revokedSub);
  return { pkis, responder, revokedSub, trapUrl };
}

/** Fresh certificates each time: what was answered about one says nothing about the next. */
export function authorizeCases(world: AuthorizeWorld): readonly AuthorizeCase[] {
  const cases = [
    ...hierarchies(world),
    ...orders(world),
    ...tokens(world),
    ...hostile(world),
    ...responders(world),
    ...revocations(world),
    ...spellings(world),
    ...hashData(world),
    ...without(world),
  ];
  return cases;
}

const pem = (chain: readonly TestCertificate[]) => chain.map((one) => one.pem).join('');
const main = ({ pkis }: AuthorizeWorld) => pkis.get('P-256')!;

/** A contract certificate below the MO root, with a responder or without. */
function contractOf(world: AuthorizeWorld, emaid: string, ocspUrl?: string): TestCertificate {
  return main(world).moSub2.issue({
    subject: `CN=${emaid}, O=Mobility, DC=MO`,
    ocspUrl: ocspUrl ?? world.responder.url,
  });
}

function shown(name: string, leaf: TestCertificate, expected: Pair, idToken: string): AuthorizeCase {
  return { name, idToken, chain: pem(leaf.chain), expected };
}

function hierarchies({ pkis }: AuthorizeWorld): AuthorizeCase[] {
  return [...pkis].flatMap(([key, pki]) => [
    shown(`${key}: a contract below the MO root`, pki.contract, GOOD, TEST_EMAID),
    shown(`${key}: a contract below the V2G root (P1)`, pki.contractBelowV2g, GOOD, TEST_EMAID),
    shown(`${key}: a car's provisioning certificate`, pki.oemProvisioning, BROKEN, TEST_EMAID),
    shown(`${key}: a station's certificate`, pki.station, BROKEN, TEST_EMAID),
  ]);
}

function orders(world: AuthorizeWorld): AuthorizeCase[] {
  const pki = main(world);
  const { contract, moSub1, moSub2, moRoot } = pki;
  const thief = TestCertificate.root({ subject: 'CN=Thief' });
  const bought = pki.oemSub.issue({ subject: 'CN=Thief, DC=MO', ca: true, ocspUrl: world.responder.url });
  const old = moSub2.issue({ subject: 'CN=FRXYZ123456789, O=Mobility, DC=MO', to: -0.5, ca: true });
  const of = (name: string, chain: readonly TestCertificate[], expected = GOOD): AuthorizeCase => ({
    name: `order: ${name}`,
    idToken: TEST_EMAID,
    chain: pem(chain),
    expected,
  });
  return [
    of('with the root', [contract, moSub2, moSub1, moRoot]),
    // What comes first is what the car has proved to hold the key of.
    of('upside down', [moSub1, moSub2, contract], BROKEN),
    of('with its authorities upside down', [contract, moSub1, moSub2]),
    of('behind an authority of a thief', [thief, contract, moSub2, moSub1], BROKEN),
    of('behind an authority of a thief below a true one', [bought, contract, moSub2, moSub1], BROKEN),
    of('with repetitions', [contract, moSub2, moSub2, moSub1, contract]),
    of('with authorities of others', [contract, moSub2, pki.cpoSub2, moSub1]),
    of('with an expired authority that it does not need', [contract, moSub2, moSub1, old]),
    of('with text between the certificates', [contract, moSub2, moSub1]),
    { ...of('no PEM', []), chain: 'not a certificate', expected: BROKEN },
    { ...of('cut off', []), chain: contract.pem.slice(0, 300), expected: BROKEN },
    {
      ...of('PEM of nothing', []),
      chain: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
      expected: BROKEN,
    },
    of('the root alone', [moRoot], BROKEN),
    of('authorities without a contract', [moSub2, moSub1], BROKEN),
  ];
}

/** FR.15 to FR.17 come before FR.13: a bad certificate answers as one, whoever the token is (P15). */
function tokens(world: AuthorizeWorld): AuthorizeCase[] {
  return (Object.entries(BY_TOKEN) as [Contract, Pair][]).flatMap(([token, expected]) => {
    const idToken = CONTRACTS[token];
    const { moSub2 } = main(world);
    const expired = moSub2.issue({ subject: `CN=${idToken}, DC=MO`, to: -0.5 });
    const revoked = contractOf(world, idToken);
    const forged = contractOf(world, idToken).signedBy(main(world).oemSub.key);
    world.responder.revoke(revoked);
    return [
      shown(`token ${token}: a good chain`, contractOf(world, idToken), expected, idToken),
      shown(`token ${token}: an expired certificate`, expired, EXPIRED, idToken),
      shown(`token ${token}: a revoked certificate`, revoked, REVOKED, idToken),
      {
        ...shown(`token ${token}: a forged certificate`, forged, BROKEN, idToken),
        chain: pem([forged, ...moSub2.chain]),
      },
    ];
  });
}

/** Every one of them has a responder that calls it good. */
function hostile({ pkis, responder }: AuthorizeWorld): AuthorizeCase[] {
  return (['P-256', 'P-521'] as const).flatMap((key) =>
    hostileChains(pkis.get(key)!, { key, ocspUrl: responder.url }).map((one): AuthorizeCase => {
      responder.answersFor(...one.authorities);
      const expected: Pair = one.certificateStatus === 'CertificateExpired' ? EXPIRED : BROKEN;
      return { name: `hostile, ${key}: ${one.name}`, idToken: TEST_EMAID, chain: pem(one.chain), expected };
    }),
  );
}

function responders(world: AuthorizeWorld): AuthorizeCase[] {
  return (Object.entries(OCSP) as [OcspMode, Pair][]).map(([mode, expected]) => {
    const leaf = contractOf(world, TEST_EMAID);
    world.responder.misbehaveFor(leaf, mode);
    return shown(`responder: ${mode}`, leaf, expected, TEST_EMAID);
  });
}

function revocations(world: AuthorizeWorld): AuthorizeCase[] {
  const { responder } = world;
  const at = (level: 'sub1' | 'sub2' | 'leaf', doing: 'revoke' | 'forget') => {
    const named = { ocspUrl: responder.url, ca: true };
    const sub1 = main(world).moRoot.issue({
      ...named,
      subject: `CN=MO ${level} ${doing} 1, DC=MO`,
      pathLength: 1,
    });
    const sub2 = sub1.issue({ ...named, subject: `CN=MO ${level} ${doing} 2, DC=MO`, pathLength: 0 });
    const leaf = sub2.issue({ subject: `CN=${TEST_EMAID}, DC=MO`, ocspUrl: responder.url });
    responder.answersFor(sub1, sub2);
    responder[doing]({ sub1, sub2, leaf }[level]);
    const expected = doing === 'revoke' ? REVOKED : BROKEN;
    return shown(
      `${level}: ${doing === 'revoke' ? 'revoked' : 'unknown to its responder'}`,
      leaf,
      expected,
      TEST_EMAID,
    );
  };
  return (['leaf', 'sub2', 'sub1'] as const).flatMap((level) => [at(level, 'revoke'), at(level, 'forget')]);
}

/** The first 14 characters count (P3); a wrong check character is a warning and no reason to refuse. */
function spellings(world: AuthorizeWorld): AuthorizeCase[] {
  const key = CONTRACTS.checked;
  const of = (name: string, idToken: string, commonName: string, expected: Pair) =>
    shown(`eMAID: ${name}`, contractOf(world, commonName), expected, idToken);
  return [
    of('with its check character', `${key}7`, key, GOOD),
    of('with hyphens', `${key.slice(0, 2)}-${key.slice(2, 5)}-${key.slice(5)}`, key, GOOD),
    of('in lower case', key.toLowerCase(), key, GOOD),
    of('hyphens in the certificate', key, `${key.slice(0, 2)}-${key.slice(2, 5)}-${key.slice(5)}`, GOOD),
    of('of another contract', key, CONTRACTS.active, BROKEN),
    of('of another contract, by its last character', key, `${key.slice(0, 13)}X`, BROKEN),
    of('a certificate that names nobody', key, 'Mobility', BROKEN),
    of('a token that is no eMAID', 'DE8AA', 'DE8AA', BROKEN),
  ];
}

function hashData(world: AuthorizeWorld): AuthorizeCase[] {
  const { responder, trapUrl } = world;
  const { moSub2, moSub1, moRoot, oemSub } = main(world);
  const emaid = CONTRACTS.hashOnly;
  const own = () => contractOf(world, emaid);
  const of = (name: string, hashes: readonly TestHashData[], expected: Pair, idToken: string = emaid) => ({
    ...{ name: `hash data: ${name}`, idToken, hashes, expected },
  });
  const data = (algorithm?: 'SHA256' | 'SHA384' | 'SHA512') =>
    hashDataOf(own(), moSub2, responder.url, algorithm);
  const revokedSub = world.revokedSub;
  const revoked = own();
  const forgotten = own();
  responder.revoke(revoked);
  responder.forget(forgotten);
  const subs = [hashDataOf(moSub2, moSub1, responder.url), hashDataOf(moSub1, moRoot, responder.url)];
  const bound = contractOf(world, CONTRACTS.bound);
  const belowRevoked = hashDataOf(
    revokedSub.issue({ subject: `CN=${emaid}, DC=MO` }),
    revokedSub,
    responder.url,
  );
  return [
    of('of the contract alone', [data()], GOOD),
    of('of the whole chain', [data(), ...subs], GOOD),
    of('of two contracts at once', [data(), data()], BROKEN),
    of('of authorities alone', subs, BROKEN),
    of('below an authority that is revoked, which the station does not name', [belowRevoked], REVOKED),
    {
      name: 'a contract shown as a card',
      idToken: CONTRACTS.active,
      tokenType: 'ISO14443',
      expected: [undefined, 'Unknown'],
    },
    {
      name: 'a contract shown as something else',
      idToken: CONTRACTS.active,
      tokenType: 'Central',
      expected: [undefined, 'Unknown'],
    },
    of('with SHA-384', [data('SHA384')], GOOD),
    of('with SHA-512', [data('SHA512')], GOOD),
    of('in capitals', [upper(data())], GOOD),
    of('with leading zeros', [{ ...data(), ...zeros(own()) }], GOOD),
    of('in Base64url and decimal (P12)', [quirkyHashData(data())], GOOD),
    of('of a revoked certificate', [hashDataOf(revoked, moSub2, responder.url)], REVOKED),
    of(
      'of a certificate that its responder does not know',
      [hashDataOf(forgotten, moSub2, responder.url)],
      BROKEN,
    ),
    of('of an issuer that is not trusted', [hashDataOf(own(), oemSub, responder.url)], BROKEN),
    of(
      'of a responder that is not on the list (P11)',
      [hashDataOf(own(), moSub2, `${trapUrl}/ocsp`)],
      BROKEN,
    ),
    of('of no web address', [hashDataOf(own(), moSub2, 'file:///etc/passwd')], BROKEN),
    of('that are no hashes', [{ ...data(), issuerKeyHash: 'zz' }], BROKEN),
    of('with a serial number that is none', [{ ...data(), serialNumber: 'x'.repeat(20) }], BROKEN),
    of('of a token that is blocked', [data()], BY_TOKEN.blocked!, CONTRACTS.hashBlocked),
    of('of a token that is unknown', [data()], BY_TOKEN.unknown!, CONTRACTS.hashUnknown),
    of('of a token at the wrong place', [data()], BY_TOKEN.elsewhere!, CONTRACTS.hashElsewhere),
    of('of a token without credit', [data()], BY_TOKEN.prepaid!, CONTRACTS.hashPrepaid),
    shown('hash data: first the chain, which binds them to the contract (P9)', bound, GOOD, CONTRACTS.bound),
    of('of another certificate than the contract has shown (P9)', [data()], BROKEN, CONTRACTS.bound),
    of(
      'of the certificate that the contract has shown',
      [hashDataOf(bound, moSub2, responder.url)],
      GOOD,
      CONTRACTS.bound,
    ),
    {
      ...of(
        'beside a chain: the chain alone decides (P10)',
        [hashDataOf(own(), moSub2, `${trapUrl}/p10`)],
        GOOD,
        CONTRACTS.active,
      ),
      chain: pem(contractOf(world, CONTRACTS.active).chain),
    },
    {
      ...of('beside a broken chain: the chain alone decides (P10)', [data()], BROKEN),
      chain: pem([own()]).slice(0, 200),
    },
  ];
}

function without(world: AuthorizeWorld): AuthorizeCase[] {
  const noResponder = main(world).moSub2.issue({ subject: `CN=${TEST_EMAID}, DC=MO` });
  return [
    { name: 'nothing: an eMAID alone', idToken: TEST_EMAID, expected: ['NoCertificateAvailable', 'Invalid'] },
    shown('a certificate that names no responder (P13)', noResponder, BROKEN, TEST_EMAID),
    shown(
      'a certificate whose responder is not on the list (P11)',
      contractOf(world, TEST_EMAID, `${world.trapUrl}/aia`),
      BROKEN,
      TEST_EMAID,
    ),
  ];
}

function upper(data: TestHashData): TestHashData {
  return {
    ...data,
    issuerNameHash: data.issuerNameHash.toUpperCase(),
    issuerKeyHash: data.issuerKeyHash.toUpperCase(),
    serialNumber: data.serialNumber.toUpperCase(),
  };
}

const zeros = ({ serial }: { serial: string }) => ({ serialNumber: `0${serial}`.slice(-40) });
