import { wrongInput } from '../kw-error.js';

export interface TrustPolicyView {
  readonly origins: readonly string[];
  readonly ocspHash: string;
  readonly ocspHashFallback: boolean;
  readonly softFailHours: number;
  readonly withoutResponder: string;
  readonly crl: string;
  readonly requireMoDomain: boolean;
}

/** How each is written on the command line, what it is called in the API and what it may be. */
const NAMES: Readonly<
  Record<string, { field: keyof TrustPolicyView; values: readonly string[] | 'list' | 'number' }>
> = {
  origins: { field: 'origins', values: 'list' },
  hash: { field: 'ocspHash', values: ['sha256', 'sha1'] },
  'hash-fallback': { field: 'ocspHashFallback', values: ['on', 'off'] },
  'soft-fail-hours': { field: 'softFailHours', values: 'number' },
  'without-responder': { field: 'withoutResponder', values: ['refuse', 'accept'] },
  crl: { field: 'crl', values: ['never', 'without_ocsp', 'fallback'] },
  'dc-mo': { field: 'requireMoDomain', values: ['on', 'off'] },
};

/** `NAME=VALUE ...` as the input of `setTrustPolicy`; an empty value is the default. @throws what is wrong with one */
export function wantedPolicy(assignments: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(assignments.map(wanted));
}

export function policyText(policy: TrustPolicyView): string {
  const width = Math.max(...Object.keys(NAMES).map((name) => name.length));
  return Object.entries(NAMES)
    .map(([name, { field }]) => `${name.padEnd(width)}  ${shown(policy[field])}`)
    .join('\n');
}

function wanted(assignment: string): [string, unknown] {
  const at = assignment.indexOf('=');
  const [name, text] = [assignment.slice(0, Math.max(0, at)), assignment.slice(at + 1).trim()];
  const known = Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
  if (!known) throw wrongInput(`${assignment} is no part of the policy: ${Object.keys(NAMES).join(', ')}`);
  const { field, values } = known;
  if (text === '') return [field, null];
  if (values === 'list') return [field, text.split(',').map((part) => part.trim())];
  if (values === 'number') {
    if (!/^\d{1,4}$/.test(text)) throw wrongInput(`${name} is a whole number of hours`);
    return [field, Number(text)];
  }
  const value = text.toLowerCase();
  if (!values.includes(value)) throw wrongInput(`${name} is ${values.join(' or ')}`);
  return [field, values.includes('on') ? value === 'on' : value.toUpperCase()];
}

function shown(value: TrustPolicyView[keyof TrustPolicyView]): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'object') return value.length === 0 ? '- (nothing is fetched)' : value.join(', ');
  return String(value).toLowerCase();
}
