/**
 * What a contract certificate is worth by what was found of it (OCPP 2.0.1 C07.FR.05/06 and the table of C07.FR.13 to FR.17; auth
 * rules P1 to P3, P7 to P9, P13). The first condition of the table that is met decides: expired, revoked, then all else that is
 * wrong. Of a path that does not hold nobody is asked about revocation, and a responder's "good" mends nothing.
 */
import {
  describeProblem,
  isSameContract,
  type Certificate,
  type PathResult,
  type TrustAnchor,
} from '@kilowatch/trust';
import type { ContractVerdict } from './contract-verdict.js';
import type { RevocationFinding } from './revocation-status.js';

export interface ContractStep {
  readonly rule: string;
  /** Empty: nothing against it. */
  readonly reason: string;
  readonly text: string;
}

export interface Judgement {
  readonly verdict: ContractVerdict;
  /** What was looked at, for people who ask why. */
  readonly steps: readonly ContractStep[];
}

const VALID: ContractVerdict = { kind: 'VALID', reason: '' };

/** The chain leads to an anchor, or it does not. */
export function judgePath(result: PathResult<TrustAnchor>): Judgement {
  if (result.ok) {
    const text = result.path.map(({ subject }) => subject.text).join(' <- ');
    return { verdict: VALID, steps: [step('path', '', text)] };
  }
  const [problem] = result.problems;
  const isExpired = problem!.code === 'EXPIRED';
  const reason = `chain_${problem!.code.toLowerCase()}`;
  return {
    verdict: { kind: isExpired ? 'EXPIRED' : 'CHAIN_ERROR', reason },
    steps: result.problems.map((one) =>
      step('path', `chain_${one.code.toLowerCase()}`, describeProblem(one)),
    ),
  };
}

/** Leaf first. Good by the company's policy is good; no answer is not. */
export function judgeRevocation(findings: readonly RevocationFinding[]): Judgement {
  const steps = findings.map(({ serial, status, reason, detail, source }) =>
    step(
      'revocation',
      status === 'GOOD' ? '' : status === 'REVOKED' ? 'certificate_revoked' : `revocation_${reason}`,
      `serial ${serial}: ${status.toLowerCase()} (${[source, reason, detail].filter(Boolean).join(', ')})`,
    ),
  );
  if (findings.some(({ status }) => status === 'REVOKED'))
    return { verdict: { kind: 'REVOKED', reason: 'certificate_revoked' }, steps };
  const bad = findings.find(({ status }) => status !== 'GOOD');
  if (bad) return { verdict: { kind: 'CHAIN_ERROR', reason: `revocation_${bad.reason}` }, steps };
  return { verdict: VALID, steps };
}

/** Without it a driver charges on somebody else's contract (P3), or on one that an operator of stations made up (P2). */
export function judgeLeaf(leaf: Certificate, idToken: string, requireMoDomain: boolean): Judgement {
  const name = leaf.subject.commonName ?? '';
  if (!isSameContract(name, idToken)) {
    const text = `The certificate is of ${name || 'nobody'}, and the station named another contract.`;
    return {
      verdict: { kind: 'CHAIN_ERROR', reason: 'chain_emaid_mismatch' },
      steps: [step('emaid', 'chain_emaid_mismatch', text)],
    };
  }
  const said = step('emaid', '', 'The certificate is of the contract that the station named.');
  if (requireMoDomain && !leaf.subject.domainComponents.some((one) => one.toUpperCase() === 'MO')) {
    const reason = 'chain_not_of_operator';
    const text =
      'The certificate has no DC=MO: whoever issued it issues no contracts (trust policy, requireMoDomain).';
    return { verdict: { kind: 'CHAIN_ERROR', reason }, steps: [said, step('domain', reason, text)] };
  }
  return { verdict: VALID, steps: [said] };
}

/** The parts in the order of the table; the first that is not valid decides, and what comes after it is not said. */
export function inOrder(...parts: readonly Judgement[]): Judgement {
  const steps: ContractStep[] = [];
  for (const { verdict, steps: more } of parts) {
    steps.push(...more);
    if (verdict.kind !== 'VALID') return { verdict, steps };
  }
  return { verdict: VALID, steps };
}

/** For what cannot even be looked at. */
export function refusedContract(rule: string, reason: string, text: string): Judgement {
  return { verdict: { kind: 'CHAIN_ERROR', reason }, steps: [step(rule, reason, text)] };
}

function step(rule: string, reason: string, text: string): ContractStep {
  return { rule, reason, text };
}
