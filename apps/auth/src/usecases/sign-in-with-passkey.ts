import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@kilowatch/kernel';
import { CLOCK, CONFIG, Database, SYSTEM_SCOPE, type ConfigOf, type Tx } from '@kilowatch/platform';
import type { configShape } from '../config.js';
import type { RefusalReason } from '../domain/refused-sign-in.js';
import { RefusedSignIns } from './refused-sign-ins.js';
import { SYSTEM } from '../domain/audit.js';
import type { Device } from '../domain/device.js';
import { counterIsPlausible, type Passkey } from '../domain/passkey.js';
import { findAccounts } from '../persistence/account.repository.js';
import { lockPasskeyByCredential, savePasskeyUse } from '../persistence/passkey.repository.js';
import { AuditLog } from './audit-log.js';
import { PasskeyCeremony } from './passkey-ceremony.js';
import { SignInSessions, type SignedIn, type SignInRefused } from './sign-in-sessions.js';
import { Tickets } from './tickets.js';

const SIGN_IN_TICKET = 'passkey-sign-in';
const LONGEST_CREDENTIAL_ID = 1_400;

/** Signs in with a passkey alone: it checks the person itself, so no code is asked for. */
@Injectable()
export class SignInWithPasskey {
  constructor(
    private readonly database: Database,
    private readonly ceremony: PasskeyCeremony,
    private readonly tickets: Tickets,
    private readonly sessions: SignInSessions,
    private readonly audit: AuditLog,
    private readonly refused: RefusedSignIns,
    @Inject(CONFIG) private readonly config: ConfigOf<typeof configShape>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async start(): Promise<{ ticket: string; options: object }> {
    const { text: ticket } = this.tickets.issue(SIGN_IN_TICKET, { tenant: '', accountId: '' });
    return { ticket, options: await this.ceremony.signInOptions(ticket) };
  }

  /** The same refusal for a passkey nobody has, one whose signature is wrong, and one that was copied. */
  async finish(text: string, response: unknown, device: Device): Promise<SignedIn | SignInRefused> {
    const ticket = this.tickets.read(SIGN_IN_TICKET, text);
    if (!ticket) return { reason: 'CHALLENGE_INVALID' };
    const credentialId = (response as { id?: unknown } | null)?.id;
    if (typeof credentialId !== 'string' || credentialId.length > LONGEST_CREDENTIAL_ID)
      return { reason: 'WRONG_CREDENTIALS' };
    return this.database.transaction<SignedIn | SignInRefused>(SYSTEM_SCOPE, async (tx) => {
      const passkey = await lockPasskeyByCredential(tx, credentialId);
      const shown = passkey && (await this.ceremony.signedIn(text, response, passkey));
      const target = passkey && ({ kind: 'account', id: passkey.accountId } as const);
      const tenant = passkey?.tenant ?? this.config.KW_DEFAULT_TENANT;
      const refused = (why: RefusalReason) =>
        this.refused.write(tx, { tenant, target, address: device.address, why });
      if (!passkey || !shown || !isOf(response, passkey)) {
        await refused('WRONG_PASSKEY');
        return { reason: 'WRONG_CREDENTIALS' };
      }
      if (!(await this.tickets.spend(tx, passkey.tenant, text, ticket.expiresAt)))
        return { reason: 'CHALLENGE_INVALID' };
      if (!counterIsPlausible(passkey.counter, shown.counter)) {
        await this.noteCopy(tx, passkey, shown.counter, device);
        return { reason: 'WRONG_CREDENTIALS' };
      }
      const [account] = await findAccounts(tx, passkey.tenant, [passkey.accountId]);
      if (!account?.active) {
        await refused('INACTIVE');
        return { reason: 'INACTIVE' };
      }
      await savePasskeyUse(tx, { ...passkey, ...shown, lastUsedAt: this.clock.now() });
      return this.sessions.open(tx, account, 'PASSKEY', device);
    });
  }

  private noteCopy(tx: Tx, passkey: Passkey, shown: number, { address }: Device): Promise<void> {
    const { tenant, id, counter } = passkey;
    return this.audit.write(tx, {
      tenant,
      by: { ...SYSTEM, address },
      action: 'passkey.refused',
      target: { kind: 'passkey', id },
      reason: 'its counter went back: the key may have been copied',
      details: { held: counter, shown },
    });
  }
}

/** A discoverable credential says whose it is (7.2, step 6); it must be the account that we hold it for. */
function isOf(response: unknown, { accountId }: Passkey): boolean {
  const handle = (response as { response?: { userHandle?: unknown } }).response?.userHandle;
  return typeof handle === 'string' && Buffer.from(handle, 'base64url').toString() === accountId;
}
