/**
 * Is the chain that our door shows one that stations can follow (docs/ocpp-notes.md Q7)? Many hold a single root and no
 * intermediate, cannot fetch what is missing, and stop coming when the root above our certificate is another one.
 */
export interface ChainCertificate {
  readonly subject: string;
  readonly issuer: string;
  readonly validFrom: Date;
  readonly validTo: Date;
}

export type ChainProblem =
  | { readonly kind: 'EMPTY' }
  /** Sent in an order that stations with simple programs do not follow. */
  | { readonly kind: 'BROKEN'; readonly after: string; readonly missing: string }
  /** The chain ends below the root that stations were set up with. */
  | { readonly kind: 'ROOT_CHANGED'; readonly root: string }
  | {
      readonly kind: 'EXPIRED' | 'EXPIRES_SOON' | 'NOT_YET_VALID';
      readonly subject: string;
      readonly at: Date;
    };

/** Stations get new roots by hand or by a firmware update. */
const WARNING_DAYS = 30;
const DAY_MS = 86_400_000;

/** @param knownRoot subject of the root that stations hold; undefined: not watched */
export function chainProblems(
  chain: readonly ChainCertificate[],
  knownRoot: string | undefined,
  now: Date,
): ChainProblem[] {
  const last = chain.at(-1);
  if (!last) return [{ kind: 'EMPTY' }];
  const problems: ChainProblem[] = chain.flatMap((certificate) => validityProblem(certificate, now) ?? []);
  chain.forEach(({ subject, issuer }, i) => {
    const next = chain[i + 1];
    if (next && next.subject !== issuer) problems.push({ kind: 'BROKEN', after: subject, missing: issuer });
  });
  // The root itself need not be sent: its name stands in the last certificate.
  if (knownRoot !== undefined && last.issuer !== knownRoot)
    problems.push({ kind: 'ROOT_CHANGED', root: last.issuer });
  return problems;
}

function validityProblem(
  { subject, validFrom, validTo }: ChainCertificate,
  now: Date,
): ChainProblem | undefined {
  if (validTo <= now) return { kind: 'EXPIRED', subject, at: validTo };
  if (validFrom > now) return { kind: 'NOT_YET_VALID', subject, at: validFrom };
  const soon = validTo.getTime() - now.getTime() < WARNING_DAYS * DAY_MS;
  return soon ? { kind: 'EXPIRES_SOON', subject, at: validTo } : undefined;
}
