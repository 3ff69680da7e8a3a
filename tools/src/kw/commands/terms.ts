import { wrongInput } from '../kw-error.js';
import type { CommandContext } from './context.js';
import { findAccount } from './find-account.js';

interface Money {
  readonly amount: string;
}

export interface TermsView {
  readonly kind: string;
  readonly invoicing: string;
  readonly currency: string;
  readonly floor: Money;
  readonly minimumToStart: Money;
  readonly creditLimit: Money | null;
  readonly daysToPay: number;
  readonly blocked: boolean;
  readonly own: boolean;
}

const USAGE =
  'kw terms [ACCOUNT] | set ACCOUNT|all REASON [kind=account|prepaid|card] [invoicing=session|month] [currency=EUR] [floor=N] [minimum=N] [limit=N] [days=N] [blocked=on|off]';
const PARTS =
  'kind invoicing currency floor { amount } minimumToStart { amount } creditLimit { amount } daysToPay blocked own';
const INVOICING: Readonly<Record<string, string>> = { session: 'PER_SESSION', month: 'MONTHLY' };

/** `kw terms`: how an account pays, or all with whom nothing is agreed. What is not named stays as it is. */
export async function terms(
  [first, ...rest]: readonly string[],
  { client, output }: CommandContext,
): Promise<number> {
  const isSet = first === 'set';
  const [who, reason] = isSet ? rest : [first];
  const assignments = isSet ? rest.slice(2) : [];
  if (isSet && (!who || !reason || assignments.length === 0)) throw wrongInput(USAGE);
  const accountId = who === undefined || who === 'all' ? null : await findAccount(client, who);
  const { paymentTerms: held } = await client.request<{ paymentTerms: TermsView }>(
    `query($accountId: ID) { paymentTerms(accountId: $accountId) { ${PARTS} } }`,
    { accountId },
  );
  if (!isSet) {
    output.show(held, () => termsText(held));
    return 0;
  }
  const input = { accountId, reason, ...inputOf(held), ...changes(assignments) };
  const { setPaymentTerms } = await client.request<{ setPaymentTerms: { terms: TermsView } }>(
    `mutation($input: SetPaymentTermsInput!) { setPaymentTerms(input: $input) { terms { ${PARTS} } } }`,
    { input },
  );
  output.show(setPaymentTerms.terms, () => termsText(setPaymentTerms.terms));
  return 0;
}

function inputOf({ own: _, floor, minimumToStart, creditLimit, ...rest }: TermsView) {
  return {
    ...rest,
    floor: floor.amount,
    minimumToStart: minimumToStart.amount,
    creditLimit: creditLimit?.amount ?? null,
  };
}

/** `NAME=VALUE ...` as the input has them; a limit that is empty is none. @throws what is wrong with one */
export function changes(assignments: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    assignments.map((assignment): [string, unknown] => {
      const at = assignment.indexOf('=');
      const value = assignment.slice(at + 1);
      const refuse = () => wrongInput(`${assignment} is no term: ${USAGE}`);
      switch (assignment.slice(0, Math.max(0, at))) {
        case 'kind':
          return ['kind', value.toUpperCase()];
        case 'invoicing':
          if (!(value in INVOICING)) throw refuse();
          return ['invoicing', INVOICING[value]];
        case 'currency':
          return ['currency', value.toUpperCase()];
        case 'floor':
          return ['floor', value];
        case 'minimum':
          return ['minimumToStart', value];
        case 'limit':
          return ['creditLimit', value === '' ? null : value];
        case 'days':
          if (!/^\d{1,3}$/.test(value)) throw refuse();
          return ['daysToPay', Number(value)];
        case 'blocked':
          if (value !== 'on' && value !== 'off') throw refuse();
          return ['blocked', value === 'on'];
        default:
          throw refuse();
      }
    }),
  );
}

export function termsText(view: TermsView): string {
  const { kind, invoicing, currency, floor, minimumToStart, creditLimit, daysToPay, blocked, own } = view;
  const rows = [
    ['agreed', own ? 'with them' : 'for all'],
    ['kind', kind.toLowerCase()],
    ['invoicing', invoicing === 'MONTHLY' ? 'month' : 'session'],
    ['currency', currency],
    ['floor', floor.amount],
    ['minimum', minimumToStart.amount],
    ['limit', creditLimit?.amount ?? 'none'],
    ['days', String(daysToPay)],
    ['blocked', blocked ? 'on' : 'off'],
  ];
  return rows.map(([name, value]) => `${name!.padEnd(9)}  ${value}`).join('\n');
}
