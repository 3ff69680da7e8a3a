import { randomInt } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { isUuid, notFound, precondition, type Clock, type IdSource } from '@kilowatch/kernel';
import { CLOCK, counter, Database, IDS, LOGGER, tenantScope, type Logger } from '@kilowatch/platform';
import { key16, variableName, writeCall } from '@kilowatch/ocpp';
import type { Actor } from '../domain/audit.js';
import { needsPassword } from '../domain/station-credential.js';
import {
  findCredentialByStation,
  type StationCredential,
} from '../persistence/station-credential.repository.js';
import { dropPendingPassword, savePendingPassword } from '../persistence/network-password.repository.js';
import { AuditLog } from './audit-log.js';
import { NetworkPassword } from './network-password.js';
import { Passwords } from './passwords.js';
import { rawCommand, StationCommands, type StationOutcome } from './station-commands.js';

/** Letters and digits no person mixes up; 20 of them are 113 bits, and fit the AuthorizationKey of 1.6 as text or as bytes. */
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789';
const LENGTH_16 = 20;
const LENGTH_2 = 40;
const TIMEOUT_SECONDS = 8;

export interface Rotation {
  /** CHANGED: the station took it, and is to come back with it. KEPT: the old one stays. UNSURE: it did not answer; both are held. */
  readonly outcome: 'CHANGED' | 'KEPT' | 'UNSURE';
  readonly status: string;
}

/**
 * A01: a station is given a new random password. Both are held until it comes back with the new one, which kills the old one; when it
 * says no, the old one stays alone. Nobody is shown it, and after this call only its hash exists. A station of 2.1 gets it with a network
 * profile of its own where that can be (`NetworkPassword`), so that it can go back by itself.
 */
@Injectable()
export class RotatePassword {
  constructor(
    private readonly database: Database,
    private readonly passwords: Passwords,
    private readonly commands: StationCommands,
    private readonly networks: NetworkPassword,
    private readonly audit: AuditLog,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async run(tenant: string, stationId: string, by: Actor): Promise<Rotation> {
    const scope = tenantScope(tenant);
    const credential = isUuid(stationId)
      ? await this.database.read(scope, (tx) => findCredentialByStation(tx, tenant, stationId))
      : undefined;
    if (!credential) throw notFound('AUTH_STATION', 'There is no such station.');
    check(credential);
    const is16 = credential.protocol === 'ocpp1.6';
    await this.takeBackLast(credential);
    const password = randomPassword(is16 ? LENGTH_16 : LENGTH_2);
    const plan = await this.networks.plan(credential, password);
    const hash = await this.passwords.hash(password);
    const now = this.clock.now();
    await this.database.transaction(scope, async (tx) => {
      await savePendingPassword(tx, tenant, stationId, { hash, priority: plan?.slots.priority, at: now });
      const target = { kind: 'station', id: stationId };
      await this.audit.write(tx, { tenant, by, action: 'station.password_rotated', target });
    });
    const { outcome, status } = await (plan
      ? this.networks.tell(credential, plan)
      : this.tell(credential, password, is16));
    if (outcome === 'ACCEPTED') return { outcome: 'CHANGED', status };
    if (outcome === 'UNKNOWN' || outcome === 'UNREACHED') return { outcome: 'UNSURE', status };
    await this.database.transaction(scope, (tx) => dropPendingPassword(tx, tenant, stationId, hash));
    counter('kw_station_certificate_problems_total').inc({ problem: 'password_refused' });
    this.log.warn({ stationId, outcome, status }, 'station did not take a new password');
    return { outcome: 'KEPT', status: status || outcome };
  }

  /**
   * A network profile with a password that the station has not come with: its priority says a slot that it is not in yet, and another
   * password would take the one it really uses. So what came first before comes first again.
   */
  private async takeBackLast(credential: StationCredential): Promise<void> {
    const { pendingPriority } = credential;
    if (pendingPriority === undefined || (await this.networks.restore(credential, pendingPriority))) return;
    throw precondition(
      'AUTH_PASSWORD_PENDING',
      'The station has not come with its last new password yet and does not say that it gives it up. Try again while it is connected, or after it has booted.',
    );
  }

  private async tell(
    { tenant, stationId }: StationCredential,
    password: string,
    is16: boolean,
  ): Promise<{ outcome: StationOutcome; status: string }> {
    const name = is16 ? key16('AuthorizationKey') : variableName('SecurityCtrlr', 'BasicAuthPassword');
    // 1.6: the key is written in hexadecimal, and sent as the bytes it stands for.
    const value = is16 ? Buffer.from(password).toString('hex') : password;
    const { action, payload } = writeCall([{ name, value }]);
    const command = rawCommand(action, payload);
    const key = `password:${this.ids.newId()}`;
    return this.commands.send({ tenant, stationId, key, command, timeoutSeconds: TIMEOUT_SECONDS });
  }
}

function check({ protocol, securityProfile, reachedProfile }: StationCredential): void {
  if (protocol === '')
    throw precondition(
      'AUTH_STATION_NOT_SEEN',
      'The station has not connected yet: it cannot be told a password.',
    );
  if (!needsPassword(Math.max(securityProfile, reachedProfile)))
    throw precondition('AUTH_STATION_NO_PASSWORD', 'A station of this security profile uses no password.');
}

function randomPassword(length: number): string {
  return Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}
