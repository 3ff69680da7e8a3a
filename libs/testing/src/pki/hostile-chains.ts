import { newKey } from './keys.js';
import {
  CA_USAGE,
  LEAF_USAGE,
  nameConstraints,
  strangeExtension,
  TestCertificate,
  type WantedCertificate,
} from './test-certificate.js';
import { TEST_EMAID, testPki, type TestPki, type TestPkiOptions } from './v2g-pki.js';

/** A chain that must never be charged on, although an OCSP responder calls each certificate of it good. */
export interface HostileChain {
  readonly name: string;
  /** As a station sends it. */
  readonly chain: readonly TestCertificate[];
  /** Who issued the certificates of it: for the responder. */
  readonly authorities: readonly TestCertificate[];
  /** OCPP's certificateStatus; undefined: the path is in order, and it is for other rules (DC, eMAID) to refuse it. */
  readonly certificateStatus: 'CertificateExpired' | 'CertChainError' | undefined;
  /** The reason that libs/trust gives first. */
  readonly code?: string;
}

type Level = 'root' | 'sub1' | 'sub2' | 'leaf';
type Changes = Partial<Record<Level, Partial<WantedCertificate>>>;

/** Chains that pretend to end at `pki.moRoot`, with the names of its own authorities. */
export function hostileChains(pki: TestPki, options: TestPkiOptions = {}): readonly HostileChain[] {
  const changed = (name: string, code: string, changes: Changes): HostileChain => {
    const chain = chainBelow(pki, changes, options);
    const certificateStatus = code === 'EXPIRED' ? 'CertificateExpired' : 'CertChainError';
    return { name, code, certificateStatus, chain, authorities: [pki.moRoot, ...chain.slice(1)] };
  };
  return [
    changed('expired leaf', 'EXPIRED', { leaf: { to: -0.5 } }),
    changed('expired sub2', 'EXPIRED', { sub2: { to: -0.5 } }),
    changed('expired sub1', 'EXPIRED', { sub1: { to: -0.5 } }),
    changed('expired leaf with a strange critical extension', 'EXPIRED', {
      leaf: { to: -0.5, extra: [strangeExtension(true)] },
    }),
    changed('leaf not yet valid', 'NOT_YET_VALID', { leaf: { from: 1 } }),
    changed('sub1 not yet valid', 'NOT_YET_VALID', { sub1: { from: 1 } }),
    changed('pathLen violation', 'PATH_LENGTH', { sub1: { pathLength: 0 } }),
    changed('sub2 without CA:true', 'NOT_A_CA', { sub2: { ca: false, usage: CA_USAGE } }),
    changed('sub2 without keyCertSign', 'KEY_USAGE', { sub2: { usage: LEAF_USAGE } }),
    changed('sub1 without key usage', 'KEY_USAGE', { sub1: { usage: null } }),
    changed('unknown critical extension', 'CRITICAL_EXTENSION_UNKNOWN', {
      leaf: { extra: [strangeExtension(true)] },
    }),
    changed('critical name constraints', 'NAME_CONSTRAINTS', { sub2: { extra: [nameConstraints()] } }),
    changed('SHA-1 signature', 'SIGNATURE_WEAK', { leaf: { hash: 'sha1' } }),
    changed('SHA-1 signature above the leaf', 'SIGNATURE_WEAK', { sub2: { hash: 'sha1' } }),
    changed('RSA-1024 leaf', 'KEY_WEAK', { leaf: { key: newKey('RSA-1024', 'hostile') } }),
    changed('leaf that is an authority', 'LEAF_IS_CA', { leaf: { ca: true } }),
    ...forged(pki, options),
  ];
}

/** Structurally perfect, yet of somebody else. */
function forged(pki: TestPki, options: TestPkiOptions): HostileChain[] {
  const twin = testPki(options);
  const other = pki.moSub2.issue({ ...leafName(options), subject: 'CN=FRXYZ123456789, O=Mobility, DC=MO' });
  const fromCpo = pki.cpoSub2.issue({
    ...leafName(options),
    subject: `CN=${TEST_EMAID}, O=Kilowatch Test, DC=CPO`,
  });
  const self = TestCertificate.root({ ...leafName(options), ca: false, usage: LEAF_USAGE });
  const thiefsLeaf = pki.contract.signedBy(newKey('P-256'));
  const byContract = pki.contract.issue({
    ...leafName(options),
    subject: 'CN=FRXYZ123456789, O=Mobility, DC=MO',
  });
  const of = (
    name: string,
    code: string | undefined,
    chain: readonly TestCertificate[],
    authorities: readonly TestCertificate[] = twin.authorities,
  ): HostileChain => {
    const certificateStatus = code === undefined ? undefined : 'CertChainError';
    return { name, chain, authorities, certificateStatus, ...(code && { code }) };
  };
  return [
    of('look-alike: same names, other keys', 'SIGNATURE_BAD', twin.contract.chain),
    of('look-alike with its root', 'SIGNATURE_BAD', [...twin.contract.chain, twin.moRoot]),
    of('look-alike leaf below the true authorities', 'SIGNATURE_BAD', [
      twin.contract,
      pki.moSub2,
      pki.moSub1,
    ]),
    of(
      'true contents, signature of a thief',
      'SIGNATURE_BAD',
      [thiefsLeaf, pki.moSub2, pki.moSub1],
      pki.authorities,
    ),
    of('root only in the message', 'ROOT_UNKNOWN', [...twin.oemProvisioning.chain, twin.oemRoot]),
    of('root that nobody knows', 'ISSUER_MISSING', twin.oemProvisioning.chain),
    of('self-issued leaf', 'LEAF_SELF_ISSUED', [self], [self]),
    of('self-issued leaf below a true chain', 'LEAF_SELF_ISSUED', [self, pki.moSub2, pki.moSub1], [self]),
    of(
      'issued by a contract',
      'NOT_A_CA',
      [byContract, pki.contract, pki.moSub2, pki.moSub1],
      [pki.contract],
    ),
    ...thieves(pki, twin, options),
    deep(pki, options),
    of('CN of another eMAID', undefined, [other, pki.moSub2, pki.moSub1], pki.authorities),
    of('DC of a station operator', undefined, [fromCpo, pki.cpoSub2, pki.cpoSub1], pki.authorities),
  ];
}

/** A car shows an authority whose key it holds, and hides the chain of its victim behind it. */
function thieves(pki: TestPki, twin: TestPki, options: TestPkiOptions): HostileChain[] {
  const wanted = { ...leafName(options), ca: true };
  const self = TestCertificate.root(wanted);
  const of = (name: string, thief: TestCertificate, ...issuers: TestCertificate[]): HostileChain => ({
    name,
    chain: [thief, ...pki.contract.chain],
    authorities: [...issuers, ...pki.authorities],
    certificateStatus: 'CertChainError',
    code: 'LEAF_IS_CA',
  });
  return [
    of('self-signed thief before the chain of a victim', self, self),
    of('thief of anybody before the chain of a victim', twin.moSub2.issue(wanted), twin.moSub2),
    of('thief below a true authority before the chain of a victim', pki.moSub2.issue(wanted)),
  ];
}

/** Five certificates, though each allows it. */
function deep(pki: TestPki, options: TestPkiOptions): HostileChain {
  const sub = (issuer: TestCertificate, at: number) =>
    issuer.issue({
      ...leafName(options),
      subject: `CN=MO Deep ${at}, O=Mobility, DC=MO`,
      ca: true,
      pathLength: 5 - at,
    });
  const [one, two, three] = [1, 2, 3].reduce<TestCertificate[]>(
    (list, at) => [...list, sub(list.at(-1) ?? pki.moRoot, at)],
    [],
  );
  const leaf = three!.issue(leafName(options));
  const chain = [leaf, three!, two!, one!];
  const authorities = [pki.moRoot, one!, two!, three!];
  return {
    name: 'chain too deep',
    chain,
    authorities,
    certificateStatus: 'CertChainError',
    code: 'TOO_DEEP',
  };
}

function chainBelow(pki: TestPki, changes: Changes, options: TestPkiOptions): readonly TestCertificate[] {
  const shared = leafName(options);
  const named = (subject: string, pathLength: number) => ({ ...shared, subject, ca: true, pathLength });
  const sub1 = pki.moRoot.issue({ ...named('CN=MO Sub1 CA, O=Mobility, DC=MO', 1), ...changes.sub1 });
  const sub2 = sub1.issue({ ...named('CN=MO Sub2 CA, O=Mobility, DC=MO', 0), ...changes.sub2 });
  return [sub2.issue({ ...shared, ...changes.leaf }), sub2, sub1];
}

function leafName({ key, now, ocspUrl, crlUrl, emaid = TEST_EMAID }: TestPkiOptions): WantedCertificate {
  return {
    subject: `CN=${emaid}, O=Mobility, DC=MO`,
    ...(key && { key }),
    ...(now && { now }),
    ...(ocspUrl && { ocspUrl }),
    ...(crlUrl && { crlUrl }),
  };
}
