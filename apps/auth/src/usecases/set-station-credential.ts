import { Inject, Injectable } from '@nestjs/common';
import { conflict, precondition, type Clock } from '@kilowatch/kernel';
import { CLOCK, Database, isUniqueViolation, tenantScope } from '@kilowatch/platform';
import {
  checkedIdentity,
  checkedProfile,
  checkedStationPassword,
  identityKey,
  needsPassword,
} from '../domain/station-credential.js';
import {
  findCredentialByStation,
  saveStationCredential,
} from '../persistence/station-credential.repository.js';
import { Passwords } from './passwords.js';

export interface WantedCredential {
  readonly stationId: string;
  readonly identity: string;
  readonly securityProfile: number;
  /** Empty keeps the present one. */
  readonly password: string;
  readonly allowMissingSubprotocol: boolean;
  /** The credentials are those of the factory: replaced once somebody claims the station. */
  readonly factoryCredentials?: boolean | undefined;
}

/** Creates or replaces what a station authenticates with. The same request again changes nothing. */
@Injectable()
export class SetStationCredential {
  constructor(
    private readonly database: Database,
    private readonly passwords: Passwords,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run(tenant: string, wanted: WantedCredential): Promise<void> {
    const identity = checkedIdentity(wanted.identity);
    const securityProfile = checkedProfile(wanted.securityProfile);
    const scope = tenantScope(tenant);
    const held = await this.database.read(scope, (tx) =>
      findCredentialByStation(tx, tenant, wanted.stationId),
    );
    if (needsPassword(securityProfile) && wanted.password === '' && !held?.passwordHash) {
      throw precondition(
        'AUTH_STATION_PASSWORD_MISSING',
        `Security profile ${securityProfile} needs a password.`,
      );
    }
    if (held && securityProfile < held.reachedProfile) {
      // A05.FR.09: what once worked better is never made worse by the way.
      throw precondition(
        'AUTH_PROFILE_DOWNGRADE',
        `The station came with security profile ${held.reachedProfile} already; allowLowerSecurityProfile lets it below.`,
      );
    }
    const password = wanted.password === '' ? undefined : checkedStationPassword(wanted.password);
    const samePassword =
      password === undefined || (await this.passwords.matches(held?.passwordHash, password));
    const unchanged =
      held?.identity === identity &&
      held.securityProfile === securityProfile &&
      held.allowMissingSubprotocol === wanted.allowMissingSubprotocol &&
      samePassword;
    if (unchanged) return;
    const passwordHash = samePassword ? undefined : await this.passwords.hash(password);
    await this.database
      .transaction(scope, (tx) =>
        saveStationCredential(
          tx,
          {
            tenant,
            stationId: wanted.stationId,
            identity,
            identityKey: identityKey(identity),
            securityProfile,
            passwordHash,
            allowMissingSubprotocol: wanted.allowMissingSubprotocol,
            factory: wanted.factoryCredentials ?? false,
          },
          this.clock.now(),
        ),
      )
      .catch((error: unknown) => {
        if (isUniqueViolation(error, 'station_credential_identity')) {
          throw conflict('AUTH_STATION_IDENTITY_TAKEN', 'Another station has this identity.');
        }
        throw error;
      });
  }
}
