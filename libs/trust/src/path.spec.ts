import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CA_USAGE,
  criticalPurposes,
  LEAF_USAGE,
  nameConstraints,
  newKey,
  strangeExtension,
  TestCertificate,
  type KeyKind,
  type WantedCertificate,
} from '@kilowatch/testing/pki';
import { readCertificate } from './certificate.js';
import { describeProblem } from './path-problem.js';
import { validatePath, type PathResult, type TrustAnchor } from './path.js';

const now = new Date('2026-11-29T12:00:00Z');
const ROOT = { subject: 'CN=MO Root', now };
const SUB1 = { subject: 'CN=MO Sub1', ca: true, pathLength: 1, now };
const SUB2 = { subject: 'CN=MO Sub2', ca: true, pathLength: 0, now };
const LEAF = { subject: 'CN=DE8AA001234567, DC=MO', now };
type Level = 'root' | 'sub1' | 'sub2' | 'leaf';

function chainOf(change: Partial<Record<Level, Partial<WantedCertificate>>> = {}, key: KeyKind = 'P-256') {
  const of = (level: Level) => ({ key: key.startsWith('RSA') ? newKey(key, level) : key, ...change[level] });
  const root = TestCertificate.root({ ...ROOT, ...of('root') });
  const sub1 = root.issue({ ...SUB1, ...of('sub1') });
  const sub2 = sub1.issue({ ...SUB2, ...of('sub2') });
  const leaf = sub2.issue({ ...LEAF, ...of('leaf') });
  return { root, sub1, sub2, leaf };
}

const good = chainOf();

function validate(
  sent: readonly TestCertificate[],
  anchors: readonly TestCertificate[],
  { pool = [], at = now }: { pool?: readonly TestCertificate[]; at?: Date } = {},
): PathResult<TrustAnchor> {
  const read = (list: readonly TestCertificate[]) => list.map(({ der }) => readCertificate(der));
  return validatePath({
    certificates: read(sent),
    anchors: read(anchors).map((certificate) => ({ certificate })),
    intermediates: read(pool),
    at,
  });
}

function codes(result: PathResult<TrustAnchor>): string[] {
  return result.ok ? [] : result.problems.map(({ code, depth }) => `${code}@${depth}`);
}

function pathOf(result: PathResult<TrustAnchor>): string[] {
  return result.path.map(({ subject }) => subject.commonName!);
}

const GOOD_PATH = ['DE8AA001234567', 'MO Sub2', 'MO Sub1', 'MO Root'];

describe('a good chain', () => {
  const { root, sub1, sub2, leaf } = good;

  it.each([
    ['leaf first', [leaf, sub2, sub1], []],
    ['with its authorities in another order', [leaf, sub1, sub2], []],
    ['with repetitions', [leaf, sub2, sub2, sub1, leaf, sub1], []],
    ['with its root', [leaf, sub2, sub1, root], []],
    ['with certificates that do not belong to it', [leaf, chainOf().sub1, sub2, chainOf().root, sub1], []],
    ['without authorities that are known', [leaf], [sub1, sub2]],
    ['with a gap that the pool fills', [leaf, sub1], [sub2]],
  ])('is believed %s', (_, sent, pool) => {
    const result = validate(sent, [root], { pool });
    expect(codes(result)).toEqual([]);
    expect(result.ok).toBe(true);
    expect(pathOf(result)).toEqual(GOOD_PATH);
  });

  it.each(['P-256', 'P-384', 'P-521', 'RSA-2048', 'RSA-PSS-2048', 'Ed25519', 'Ed448'] as const)(
    'is believed with keys of %s (ISO 15118-2 and -20)',
    (kind) => {
      const one = chainOf({}, kind);
      expect(codes(validate([one.leaf, one.sub2, one.sub1], [one.root]))).toEqual([]);
    },
  );

  it('brings back what the caller hung on its anchor', () => {
    const anchors = [chainOf().root, root].map(({ der }, index) => ({
      certificate: readCertificate(der),
      purpose: index === 0 ? 'station' : 'contract',
      isoVersion: '15118-2',
    }));
    const certificates = [leaf, sub2, sub1].map(({ der }) => readCertificate(der));
    const result = validatePath({ certificates, anchors, at: now });
    expect(result.ok && result.anchor).toMatchObject({ purpose: 'contract', isoVersion: '15118-2' });
  });

  it('P1: is believed below a V2G root too, through one authority', () => {
    const v2g = TestCertificate.root({ subject: 'CN=V2G Root', now });
    const sub = v2g.issue({ ...SUB2, subject: 'CN=MO Sub below V2G' });
    expect(codes(validate([sub.issue(LEAF), sub], [root, v2g]))).toEqual([]);
  });

  it('of a renewed root finds the one whose key signed, whatever the order of the anchors', () => {
    const renewed = TestCertificate.root(ROOT);
    for (const anchors of [
      [renewed, root],
      [root, renewed],
    ]) {
      expect(codes(validate([leaf, sub2, sub1], anchors))).toEqual([]);
    }
  });

  it('takes a key identifier as a hint only', () => {
    const other = chainOf();
    const liar = root.issue({ ...SUB1, key: other.sub1.key });
    const result = validate([leaf, liar, sub2, sub1], [root]);
    expect(codes(result)).toEqual([]);
  });

  it('takes the authority in date when the expired one has the same name and key', () => {
    const old = root.issue({ ...SUB1, key: sub1.key, to: -0.5 });
    expect(codes(validate([leaf, sub2, old, sub1], [root]))).toEqual([]);
  });
});

describe('a chain is refused', () => {
  const chainProblems = (
    change: Parameters<typeof chainOf>[0],
    only: readonly Level[] = ['leaf', 'sub2', 'sub1'],
  ) => {
    const one = chainOf(change);
    return codes(
      validate(
        only.map((level) => one[level]),
        [one.root],
      ),
    );
  };

  it.each([
    ['leaf', 0],
    ['sub2', 1],
    ['sub1', 2],
    ['root', 3],
  ] as const)('as expired when %s is past notAfter, before any other reason', (level, depth) => {
    expect(chainProblems({ [level]: { to: -0.5 } })).toEqual([`EXPIRED@${depth}`]);
    expect(
      chainProblems({
        [level]: { to: -0.5 },
        leaf: { ...(level === 'leaf' && { to: -0.5 }), extra: [strangeExtension(true)] },
      }),
    ).toEqual([`EXPIRED@${depth}`, 'CRITICAL_EXTENSION_UNKNOWN@0']);
  });

  it.each([
    ['a leaf that is not valid yet', { leaf: { from: 1 } }, ['NOT_YET_VALID@0']],
    ['an authority that is not valid yet', { sub1: { from: 1 } }, ['NOT_YET_VALID@2']],
    ['more authorities than one allows', { sub1: { pathLength: 0 } }, ['PATH_LENGTH@2']],
    ['more authorities than the root allows', { root: { pathLength: 1 } }, ['PATH_LENGTH@3']],
    ['an authority without CA:true', { sub2: { ca: false, usage: CA_USAGE } }, ['NOT_A_CA@1']],
    ['an authority that may not sign certificates', { sub2: { usage: LEAF_USAGE } }, ['KEY_USAGE@1']],
    ['an authority without key usage', { sub1: { usage: null } }, ['KEY_USAGE@2']],
    ['a leaf that may not sign', { leaf: { usage: 1 << 4 } }, ['KEY_USAGE@0']],
    [
      'an unknown critical extension in the leaf',
      { leaf: { extra: [strangeExtension(true)] } },
      ['CRITICAL_EXTENSION_UNKNOWN@0'],
    ],
    [
      'an unknown critical extension in an authority',
      { sub1: { extra: [strangeExtension(true)] } },
      ['CRITICAL_EXTENSION_UNKNOWN@2'],
    ],
    ['name constraints', { sub1: { extra: [nameConstraints()] } }, ['NAME_CONSTRAINTS@2']],
    ['a SHA-1 signature', { leaf: { hash: 'sha1' } }, ['SIGNATURE_WEAK@0']],
    ['a SHA-1 signature of an authority', { sub1: { hash: 'sha1' } }, ['SIGNATURE_WEAK@2']],
    ['an RSA key of 1024 bits in the leaf', { leaf: { key: newKey('RSA-1024', 'path') } }, ['KEY_WEAK@0']],
    ['a P-224 key in the leaf', { leaf: { key: 'P-224' } }, ['KEY_WEAK@0']],
    [
      'a weak key of an authority',
      { sub2: { key: newKey('RSA-1024', 'path') } },
      ['KEY_WEAK@1', 'SIGNATURE_BAD@0'],
    ],
  ] as [string, Parameters<typeof chainOf>[0], string[]][])('with %s', (_, change, expected) => {
    expect(chainProblems(change).sort()).toEqual([...expected].sort());
  });

  it('with an MD5 signature', () => {
    const key = newKey('RSA-2048', 'md5');
    expect(chainProblems({ sub2: { key }, leaf: { hash: 'md5' } })).toEqual(['SIGNATURE_WEAK@0']);
  });

  it('an unknown extension that is not critical is none of its reasons', () => {
    expect(chainProblems({ leaf: { extra: [strangeExtension(false)] } })).toEqual([]);
  });

  it('when its root comes with the message only', () => {
    const { leaf, sub2, sub1, root } = good;
    expect(
      codes(validate([leaf, sub2, sub1, root], [chainOf({ root: { subject: 'CN=Another' } }).root])),
    ).toEqual(['ROOT_UNKNOWN@2']);
  });

  it('when an authority is missing, and says below which certificate', () => {
    const { leaf, sub1, root } = good;
    const result = validate([leaf, sub1], [root]);
    expect(codes(result)).toEqual(['ISSUER_MISSING@0']);
    expect(result.ok || describeProblem(result.problems[0]!)).toMatch(
      /^CN=DE8AA001234567, DC=MO \(serial [0-9a-f]+\) was issued by a certificate that is neither/,
    );
  });

  it('of look-alikes, when the same parsed certificate was good below the true authority before', () => {
    const twin = chainOf();
    const leaf = readCertificate(good.leaf.der);
    const below = ({ sub2, sub1, root }: ReturnType<typeof chainOf>) =>
      validatePath({
        certificates: [leaf, readCertificate(sub2.der), readCertificate(sub1.der)],
        anchors: [{ certificate: readCertificate(root.der) }],
        at: now,
      });
    expect([below(good), below(good), below(twin), below(good)].map(({ ok }) => ok)).toEqual([
      true,
      true,
      false,
      true,
    ]);
    expect(codes(below(twin))).toContain('SIGNATURE_BAD@0');
  });

  it('of look-alikes: the same names, other keys', () => {
    const { leaf, sub2, sub1 } = chainOf();
    expect(codes(validate([leaf, sub2, sub1], [good.root]))).toEqual(['SIGNATURE_BAD@2']);
    expect(codes(validate([leaf, good.sub2, good.sub1], [good.root]))).toEqual(['SIGNATURE_BAD@0']);
  });

  it('when its contents were signed by somebody else', () => {
    const forged = good.leaf.signedBy(newKey('P-256'));
    expect(codes(validate([forged, good.sub2, good.sub1], [good.root]))).toEqual(['SIGNATURE_BAD@0']);
  });

  it('with a leaf that names itself as issuer, even as an anchor', () => {
    const self = TestCertificate.root({ ...LEAF, ca: false, usage: LEAF_USAGE });
    expect(codes(validate([self], [good.root, self]))).toEqual(['LEAF_SELF_ISSUED@0']);
  });

  it('with an authority as leaf', () => {
    expect(codes(validate([good.sub2, good.sub1], [good.root]))).toContain('LEAF_IS_CA@0');
  });

  it('when it is longer than four', () => {
    const { root, sub1, leaf } = chainOf({ root: {}, sub1: { pathLength: 5 } });
    const extra = sub1.issue({ ...SUB2, subject: 'CN=MO Sub3', pathLength: 1 });
    const last = extra.issue({ ...SUB2, subject: 'CN=MO Sub4' });
    const result = validate([last.issue(LEAF), last, extra, sub1], [root]);
    expect(codes(result)).toEqual(['TOO_DEEP@3']);
    expect(leaf.issuer).toBeDefined();
  });

  it('by what stands in it first and by nothing behind that: the key of no other was proved', () => {
    const { root, sub1, sub2, leaf } = good;
    const self = TestCertificate.root({ ...LEAF, ca: true });
    for (const thief of [self, sub2.issue({ ...LEAF, ca: true }), chainOf().sub2, sub2]) {
      const result = validate([thief, leaf, sub2, sub1], [root]);
      expect(codes(result)).toContain('LEAF_IS_CA@0');
      expect(result.path[0]!.der).toEqual(thief.der);
    }
    const other = sub2.issue({ subject: 'CN=DE8AA007654321', now });
    expect(pathOf(validate([other, leaf, sub2, sub1], [root]))[0]).toBe('DE8AA007654321');
  });

  it('when its leaf is for other purposes only, unless the caller asks for them', () => {
    const [anything, clientAuth, codeSigning] = ['2.5.29.37.0', '1.3.6.1.5.5.7.3.2', '1.3.6.1.5.5.7.3.3'];
    const ask = (extra: WantedCertificate['extra'], purposes: readonly string[] = []) => {
      const certificates = [good.sub2.issue({ ...LEAF, extra: extra ?? [] }), good.sub2, good.sub1];
      return codes(
        validatePath({
          certificates: certificates.map(({ der }) => readCertificate(der)),
          anchors: [{ certificate: readCertificate(good.root.der) }],
          at: now,
          purposes,
        }),
      );
    };
    expect(ask([criticalPurposes(codeSigning)])).toEqual(['EXTENDED_KEY_USAGE@0']);
    expect(ask([criticalPurposes(codeSigning)], [codeSigning])).toEqual([]);
    expect(ask([criticalPurposes(codeSigning, clientAuth)])).toEqual([]);
    expect(ask([criticalPurposes(anything)])).toEqual([]);
    expect(ask([])).toEqual([]);
    const notCritical = good.sub2.issue({ ...LEAF, purposes: [codeSigning] });
    expect(codes(validate([notCritical, good.sub2, good.sub1], [good.root]))).toEqual([]);
  });
});

describe('an authority', () => {
  const { root, sub1, sub2, leaf } = good;
  const ask = (
    certificate: TestCertificate,
    anchors: readonly TestCertificate[],
    pool: readonly TestCertificate[] = [],
  ) =>
    validatePath({
      certificates: [readCertificate(certificate.der)],
      anchors: anchors.map(({ der }) => ({ certificate: readCertificate(der) })),
      intermediates: pool.map(({ der }) => readCertificate(der)),
      at: now,
      authority: true,
    });

  it('P8: is believed below an anchor, for what only its hash data name', () => {
    expect(codes(ask(sub2, [root], [sub1]))).toEqual([]);
    expect(pathOf(ask(sub2, [root], [sub1]))).toEqual(GOOD_PATH.slice(1));
  });

  it('is refused with the rules for authorities, and counts itself', () => {
    expect(codes(ask(leaf, [root], [sub1, sub2]))).toContain('NOT_A_CA@0');
    expect(codes(ask(sub2, [root]))).toEqual(['ISSUER_MISSING@0']);
    const narrow = chainOf({ sub1: { pathLength: 0 } });
    expect(codes(ask(narrow.sub2, [narrow.root], [narrow.sub1]))).toEqual(['PATH_LENGTH@1']);
    const long = chainOf({ sub1: { pathLength: 5 } });
    const sub3 = long.sub1.issue({ ...SUB2, subject: 'CN=MO Sub3', pathLength: 1 });
    const sub4 = sub3.issue({ ...SUB2, subject: 'CN=MO Sub4' });
    expect(codes(ask(sub4, [long.root], [long.sub1, sub3]))).toEqual(['TOO_DEEP@2']);
  });
});

describe('the work for a chain', () => {
  it('is bounded when many certificates bear one name', () => {
    const name = { subject: 'CN=Hydra', ca: true, now };
    const root = TestCertificate.root(name);
    const heads = Array.from({ length: 9 }, () => root.issue({ ...name }));
    const leaf = heads[0]!.issue(LEAF);
    const result = validate([leaf, ...heads], [chainOf().root], { pool: heads });
    expect(result.ok).toBe(false);
    expect(codes(result).length).toBeLessThan(10);
  });

  it('does not end in a circle of two authorities that signed each other', () => {
    const keys = [newKey('P-256'), newKey('P-256')] as const;
    const [a, b] = ['CN=A', 'CN=B'];
    const rootA = TestCertificate.root({ subject: a, key: keys[0], now });
    const rootB = TestCertificate.root({ subject: b, key: keys[1], now });
    const aByB = rootB.issue({ subject: a, ca: true, key: keys[0], now });
    const bByA = rootA.issue({ subject: b, ca: true, key: keys[1], now });
    const leaf = rootA.issue(LEAF);
    expect(validate([leaf, aByB, bByA], [good.root]).ok).toBe(false);
    expect(codes(validate([leaf, aByB, bByA], [rootB]))).toEqual([]);
  });
});

describe('time', () => {
  it('a certificate is valid from notBefore to notAfter, both included, and at no other instant', () => {
    const { root, sub1, sub2, leaf } = good;
    const [from, to] = [Date.UTC(2026, 10, 28, 12), Date.UTC(2027, 10, 29, 12)];
    const near = fc.integer({ min: -3_000, max: 3_000 });
    fc.assert(
      fc.property(fc.constantFrom(from, to), near, (edge, offset) => {
        const at = new Date(edge + offset);
        const found = codes(validate([leaf, sub2, sub1], [root], { at }));
        const expected =
          at.getTime() < from ? 'NOT_YET_VALID@0' : at.getTime() > to ? 'EXPIRED@0' : undefined;
        expect(found.find((code) => code.endsWith('@0'))).toBe(expected);
      }),
      { numRuns: 30 },
    );
  });
});
