import { auth, events } from '@kilowatch/contracts';
import { DEMO, type AuthRig } from './auth-rig.js';

/** Real time that a test may move, as little as tokens of half an hour allow. */
export class MovedClock {
  private offsetMs = 0;

  now(): Date {
    return new Date(Date.now() + this.offsetMs);
  }

  forward(ms: number): void {
    this.offsetMs += ms;
  }

  /** To the start of the next minute: what follows is all within one, on a busy machine too. */
  toNextMinute(): void {
    this.forward(60_000 - (this.now().getTime() % 60_000));
  }
}

const SIGNED = `__typename
  ... on SignedIn { accessToken refreshToken account { id } }
  ... on SignInRefused { reason retryAfterSeconds }
  ... on SecondFactorNeeded { challenge enrolmentNeeded }`;

export interface SignInAnswer {
  readonly __typename: 'SignedIn' | 'SignInRefused' | 'SecondFactorNeeded';
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly account: { readonly id: string };
  readonly reason?: string;
  readonly retryAfterSeconds?: number;
  readonly challenge: string;
  readonly enrolmentNeeded?: boolean;
}

type From = { address?: string; agent?: string };

export const signInWith = (
  app: AuthRig,
  field: string,
  type: string,
  value: Record<string, unknown>,
  from?: From,
) => app.mutate<SignInAnswer>(null, field, { type, value }, SIGNED, from);

export async function signIn(
  app: AuthRig,
  email: string,
  password: string,
  from?: From,
): Promise<SignInAnswer> {
  return (await signInWith(app, 'signIn', 'SignInInput', { email, password }, from)).answer!;
}

/** What notifications was asked to write to an account, in order: `RESET_PASSWORD`. */
export async function mailsOf(app: AuthRig, accountId: string) {
  const mails = await app.rig.published(events.accountMailRequested);
  return mails
    .filter((mail) => mail.accountId === accountId)
    .map(({ kind, linkId, device, address }) => ({
      kind: auth.AccountMailKind[kind]!.replace('ACCOUNT_MAIL_KIND_', ''),
      linkId,
      device,
      address,
    }));
}

/** As notifications fetches it for the mail. */
export async function linkToken(app: AuthRig, linkId: string): Promise<string> {
  return (await app.rig.grpc(auth.PeopleServiceClient).getLink({ linkId }, DEMO)).token;
}

export async function accountIdOf(app: AuthRig, email: string): Promise<string | undefined> {
  const [row] = await app.rig.sql<{ id: string }>(
    'select id from account where email = $1 and issuer is null',
    [email],
  );
  return row?.id;
}

/** Whatever the service keeps or tells anywhere in its schema, as one text. */
export async function everythingKept(app: AuthRig): Promise<string> {
  const tables = await app.rig.sql<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = current_schema()`,
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const rows = await app.rig.sql<Record<string, unknown>>(`select * from "${name}"`);
    for (const value of rows.flatMap((row) => Object.values(row)))
      texts.push(Buffer.isBuffer(value) ? value.toString('latin1') : JSON.stringify(value));
  }
  return texts.join('\n');
}
