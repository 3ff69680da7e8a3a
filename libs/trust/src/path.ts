/**
 * Path validation (RFC 5280 section 6; auth.md P1, P2): from a leaf, through what the message and the pool of known authorities hold, to
 * an anchor of the caller. Certificates are joined by the bytes of their names and by signature; key identifiers only say what to try
 * first. A root in the message is never trusted. Any policy will do; name constraints are refused, as no V2G certificate profile has them.
 */
import { isSelfIssued, type Certificate } from './certificate.js';
import { sameBytes } from './der.js';
import type { PathProblem, PathProblemCode } from './path-problem.js';
import { verifySignature, type SignatureVerdict } from './signature.js';

/** Leaf, two authorities, root: what ISO 15118-2 and -20 allow. */
const MAX_PATH = 4;
/** Bounds of the search, whatever the message is made of. An honest chain needs three verifications. */
const MAX_VERIFICATIONS = 48;
const MAX_PATHS = 96;
/** After a signature that does not fit the search goes on only to tell what else is wrong. */
const MAX_UNVERIFIED = 2;
/**
 * anyExtendedKeyUsage, serverAuth, clientAuth. ISO 15118 has no purposes of its own: leaves of stations are for serverAuth, of cars for
 * clientAuth, contracts name none.
 */
const TLS_PURPOSES: ReadonlySet<string> = new Set(['2.5.29.37.0', '1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);

/** The caller chooses the anchors that may be used: by purpose, ISO version, tenant. What else it hangs on them comes back with the path. */
export interface TrustAnchor {
  readonly certificate: Certificate;
}

export interface PathInput<A extends TrustAnchor> {
  /**
   * As they came. The first is who shows the chain and has proved that he holds the key (OCPP and TLS: the leaf comes first); to look
   * for a better one further on would judge a stranger's. Order, repetitions and superfluous ones do not matter after it.
   */
  readonly certificates: readonly Certificate[];
  readonly anchors: readonly A[];
  /** Known authorities that may fill a gap. Not trusted by themselves. */
  readonly intermediates?: readonly Certificate[];
  readonly at: Date;
  /** The question is about an authority, the first certificate: whether what it issues can be believed. */
  readonly authority?: boolean;
  /** What else than TLS a leaf that is restricted to purposes may be for: identifiers of extended key usage. */
  readonly purposes?: readonly string[];
}

export type PathResult<A extends TrustAnchor> =
  /** `path` runs from the leaf to the certificate of the anchor. */
  | { readonly ok: true; readonly path: readonly Certificate[]; readonly anchor: A }
  /** `path` is as far as the best attempt came. EXPIRED problems come first, as in the answer table of C07; never empty. */
  | { readonly ok: false; readonly path: readonly Certificate[]; readonly problems: readonly PathProblem[] };

interface Attempt<A> {
  readonly path: readonly Certificate[];
  readonly anchor?: A;
  readonly problems: readonly PathProblem[];
}

/** @throws RangeError for an empty list, which readers of PEM never give. */
export function validatePath<A extends TrustAnchor>(input: PathInput<A>): PathResult<A> {
  const [leaf] = input.certificates;
  if (!leaf) throw new RangeError('A chain needs a certificate.');
  const attempts = new Search(input, leaf).run();
  const best = attempts.reduce((one, other) => (badness(other) < badness(one) ? other : one));
  if (best.anchor && best.problems.length === 0) return { ok: true, path: best.path, anchor: best.anchor };
  const problems = [...best.problems].sort((one, other) => rank(one) - rank(other));
  return { ok: false, path: best.path, problems };
}

/** What the path fails by counts more than its age: of two attempts the one that is only too old tells more. */
function badness({ problems }: Attempt<unknown>): number {
  return problems.reduce((sum, problem) => sum + (problem.code === 'EXPIRED' ? 1 : 100), 0);
}

function isClean({ anchor, problems }: Attempt<unknown>): boolean {
  return anchor !== undefined && problems.length === 0;
}

function rank(problem: PathProblem): number {
  return problem.code === 'EXPIRED' ? 0 : 1;
}

class Search<A extends TrustAnchor> {
  private readonly attempts: Attempt<A>[] = [];
  private readonly verdicts = new Map<string, SignatureVerdict>();
  private readonly authorities: readonly Certificate[];
  private readonly ownRoots: readonly Certificate[];
  /** Where the search stands. */
  private readonly path: Certificate[];
  private readonly signatureProblems: PathProblem[] = [];

  constructor(
    private readonly input: PathInput<A>,
    leaf: Certificate,
  ) {
    const anchors = new Set(input.anchors.map(({ certificate }) => certificate.fingerprint));
    const known = new Map<string, Certificate>();
    for (const one of [...input.certificates, ...(input.intermediates ?? [])]) {
      if (!anchors.has(one.fingerprint) && one.fingerprint !== leaf.fingerprint)
        known.set(one.fingerprint, one);
    }
    this.authorities = [...known.values()].filter((one) => !isRoot(one));
    this.ownRoots = [...known.values()].filter(isRoot);
    this.path = [leaf];
  }

  run(): readonly Attempt<A>[] {
    this.extend();
    return this.attempts;
  }

  /** One step up from the end of the path: all issuers whose key made the signature, or else a few that only bear the name. */
  private extend(): void {
    const child = this.path[this.path.length - 1]!;
    const depth = this.path.length - 1;
    const stop = (code: PathProblemCode): void => this.finish({ code, certificate: child, depth });
    if (depth === 0 && !this.input.authority && isSelfIssued(child)) return stop('LEAF_SELF_ISSUED');
    if (this.attempts.length >= MAX_PATHS) return stop('TOO_MUCH_WORK');
    const named = this.issuersByName(child);
    if (named.length === 0) {
      const root = this.ownRoots.some((one) => sameBytes(one.subject.der, child.issuer.der));
      return stop(root ? 'ROOT_UNKNOWN' : 'ISSUER_MISSING');
    }
    if (this.path.length >= (this.input.authority ? MAX_PATH - 1 : MAX_PATH)) return stop('TOO_DEEP');
    const tried = named.map((issuer) => ({ ...issuer, verdict: this.verdict(child, issuer.certificate) }));
    const signers = tried.filter(({ verdict }) => verdict === 'VALID');
    const next = signers.length > 0 ? signers : tried.slice(0, MAX_UNVERIFIED);
    for (const { certificate, anchor, verdict } of next) {
      const problem = PROBLEM_OF[verdict];
      const told = problem === undefined ? [] : [{ code: problem, certificate: child, depth }];
      this.path.push(certificate);
      this.signatureProblems.push(...told);
      if (anchor) this.finish(undefined, anchor);
      else this.extend();
      this.signatureProblems.length -= told.length;
      this.path.pop();
      if (this.attempts.some(isClean)) return;
    }
  }

  private finish(end: PathProblem | undefined, anchor?: A): void {
    const path = [...this.path];
    const problems = [...problemsOf(path, this.input), ...this.signatureProblems, ...(end ? [end] : [])];
    this.attempts.push({ path, problems, ...(anchor && { anchor }) });
  }

  /** Anchors first, then those whose key identifier fits. A certificate stands in a path once. */
  private issuersByName(child: Certificate): { certificate: Certificate; anchor?: A }[] {
    const named = (one: Certificate): boolean => sameBytes(one.subject.der, child.issuer.der);
    const hinted = (one: Certificate): number =>
      child.authorityKeyId !== undefined && one.subjectKeyId === child.authorityKeyId ? 0 : 1;
    const anchors = this.input.anchors.map((anchor) => ({ certificate: anchor.certificate, anchor }));
    const others = this.authorities.map((certificate) => ({ certificate }));
    return [anchors, others].flatMap((group: { certificate: Certificate; anchor?: A }[]) =>
      group
        .filter(({ certificate }) => named(certificate) && !this.path.includes(certificate))
        .sort((one, other) => hinted(one.certificate) - hinted(other.certificate)),
    );
  }

  private verdict(child: Certificate, issuer: Certificate): SignatureVerdict | 'NOT_TRIED' {
    const key = `${child.fingerprint}:${issuer.fingerprint}`;
    const known = this.verdicts.get(key);
    if (known) return known;
    if (isKnownSigner(child, issuer)) return 'VALID';
    if (this.verdicts.size >= MAX_VERIFICATIONS) return 'NOT_TRIED';
    const found = verifySignature(child.signed, issuer.key);
    this.verdicts.set(key, found);
    if (found === 'VALID') SIGNERS.set(child, new Set(SIGNERS.get(child)).add(issuer.fingerprint));
    return found;
  }
}

const PROBLEM_OF: Readonly<Record<SignatureVerdict | 'NOT_TRIED', PathProblemCode | undefined>> = {
  VALID: undefined,
  BAD: 'SIGNATURE_BAD',
  WEAK: 'SIGNATURE_WEAK',
  UNSUPPORTED: 'SIGNATURE_UNSUPPORTED',
  NOT_TRIED: 'TOO_MUCH_WORK',
};

/**
 * Whose key made the signature of a certificate: found once for as long as somebody holds the parsed certificate, which nobody can
 * change. By the bytes of the issuer. Whoever has a chain parsed anew has it verified anew.
 */
const SIGNERS = new WeakMap<Certificate, ReadonlySet<string>>();

function isKnownSigner(child: Certificate, issuer: Certificate): boolean {
  return SIGNERS.get(child)?.has(issuer.fingerprint) ?? false;
}

function isRoot(certificate: Certificate): boolean {
  return isSelfIssued(certificate) && verifySignature(certificate.signed, certificate.key) !== 'BAD';
}

/** What is wrong with the certificates of a path in their places, but for the signatures between them. */
function problemsOf(
  path: readonly Certificate[],
  { at, authority = false, purposes = [] }: Pick<PathInput<TrustAnchor>, 'at' | 'authority' | 'purposes'>,
): PathProblem[] {
  const leaves = authority ? 0 : 1;
  return path.flatMap((certificate, depth) => {
    const codes = [
      ...problemsAnywhere(certificate, at),
      ...(depth < leaves
        ? problemsOfLeaf(certificate, purposes)
        : problemsOfIssuer(certificate, path.slice(leaves, depth))),
    ];
    return codes.map((code) => ({ code, certificate, depth }));
  });
}

/** The instants themselves are within the validity (RFC 5280 4.1.2.5). Anchors are no exception: an expired root ends its chains. */
function problemsAnywhere(certificate: Certificate, at: Date): PathProblemCode[] {
  const codes: PathProblemCode[] = [];
  if (at > certificate.notAfter) codes.push('EXPIRED');
  if (at < certificate.notBefore) codes.push('NOT_YET_VALID');
  if (certificate.key.problem) codes.push(certificate.key.problem);
  if (certificate.unknownCritical.length > 0) codes.push('CRITICAL_EXTENSION_UNKNOWN');
  if (certificate.hasNameConstraints) codes.push('NAME_CONSTRAINTS');
  return codes;
}

function problemsOfLeaf(certificate: Certificate, purposes: readonly string[]): PathProblemCode[] {
  const { basicConstraints, keyUsage, extendedKeyUsage, extendedKeyUsageCritical } = certificate;
  const codes: PathProblemCode[] = [];
  const fits = extendedKeyUsage?.some((purpose) => TLS_PURPOSES.has(purpose) || purposes.includes(purpose));
  if (extendedKeyUsageCritical && !fits) codes.push('EXTENDED_KEY_USAGE');
  if (basicConstraints?.ca) codes.push('LEAF_IS_CA');
  if (keyUsage && !keyUsage.includes('digitalSignature')) codes.push('KEY_USAGE');
  return codes;
}

/** `below`: the authorities between it and the leaf. Self-issued ones do not count (RFC 5280 4.2.1.9). */
function problemsOfIssuer(
  { basicConstraints, keyUsage }: Certificate,
  below: readonly Certificate[],
): PathProblemCode[] {
  const codes: PathProblemCode[] = [];
  if (!basicConstraints?.ca) codes.push('NOT_A_CA');
  if (!keyUsage?.includes('keyCertSign')) codes.push('KEY_USAGE');
  const counted = below.filter((one) => !isSelfIssued(one)).length;
  if (basicConstraints?.pathLength !== undefined && counted > basicConstraints.pathLength)
    codes.push('PATH_LENGTH');
  return codes;
}
