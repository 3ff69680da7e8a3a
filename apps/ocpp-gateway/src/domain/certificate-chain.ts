/**
 * Is the chain that our port shows one that stations can follow (docs/ocpp-notes.md Q7)? Many hold a single root and no
 * intermediate, cannot fetch what is missing, and stop coming when the root above our certificate is another one.
 */
export interface ChainCertificate {
  readonly subject: string;
  readonly issuer: string;
}

export type ChainProblem =
  | { readonly kind: 'EMPTY' }
  /** The next one is not the issuer of this one: missing, or out of order. */
  | { readonly kind: 'BROKEN'; readonly after: string; readonly missing: string }
  /** The chain does not end below the root that stations were set up with. */
  | { readonly kind: 'ROOT_CHANGED'; readonly root: string };

/**
 * @param chain our certificate first
 * @param knownRoot subject of the root that stations hold; undefined: not watched
 */
export function chainProblems(
  chain: readonly ChainCertificate[],
  knownRoot: string | undefined,
): ChainProblem[] {
  const last = chain.at(-1);
  if (!last) return [{ kind: 'EMPTY' }];
  const problems = chain.flatMap(({ subject, issuer }, i): ChainProblem[] => {
    const next = chain[i + 1];
    return next && next.subject !== issuer ? [{ kind: 'BROKEN', after: subject, missing: issuer }] : [];
  });
  // The root itself need not be sent: its name stands in the last certificate.
  if (knownRoot === undefined || last.issuer === knownRoot) return problems;
  return [...problems, { kind: 'ROOT_CHANGED', root: last.issuer }];
}
