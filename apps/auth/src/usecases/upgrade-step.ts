import { Inject, Injectable } from '@nestjs/common';
import type { Clock, IdSource } from '@kilowatch/kernel';
import { key16, writeCall, writeResults, isJsonObject, type SettingName } from '@kilowatch/ocpp';
import { CLOCK, CONFIG, Database, IDS, tenantScope, type ConfigOf } from '@kilowatch/platform';
import type { configShape } from '../config.js';
import { PRIORITY, priorityWith } from '../domain/network-profile.js';
import { freeSlot, type UpgradeStep } from '../domain/security-upgrade.js';
import { isForUs, TRIGGERS } from '../domain/station-certificate.js';
import type { SecurityUpgrade } from '../persistence/security-upgrade.repository.js';
import { liveCertificates } from '../persistence/station-certificate.repository.js';
import type { StationCredential } from '../persistence/station-credential.repository.js';
import { AskStation } from './ask-station.js';
import { LookAtRoots } from './look-at-roots.js';
import { rawCommand, StationCommands, type StationCommand } from './station-commands.js';

/** How long each step may take; a station that charges reboots when it is done. */
export const STEP_TIME_MS: Readonly<Record<UpgradeStep, number>> = {
  CHECK: 60 * 60_000,
  CERTIFICATE: 60 * 60_000,
  PROFILE: 60 * 60_000,
  PRIORITY: 60 * 60_000,
  RESET: 24 * 60 * 60_000,
  AWAIT: 30 * 60_000,
  ROLL_BACK: 24 * 60 * 60_000,
};

/** DONE: on to the next. AGAIN: not yet, ask later. REFUSED: it will not work. */
export type StepResult =
  | { readonly kind: 'DONE'; readonly rebootNeeded?: boolean; readonly change?: Partial<SecurityUpgrade> }
  | { readonly kind: 'AGAIN'; readonly problem: string }
  | { readonly kind: 'REFUSED'; readonly problem: string };

const PROFILE_16 = key16('SecurityProfile');
const MESSAGE_TIMEOUT_SECONDS = 30;
const OCPP_VERSIONS: Readonly<Record<string, string>> = { 'ocpp2.0.1': 'OCPP20', 'ocpp2.1': 'OCPP21' };

/** One step of an upgrade, asked of the station; what comes of it is the caller's to store. */
@Injectable()
export class UpgradeStepper {
  constructor(
    private readonly database: Database,
    private readonly commands: StationCommands,
    private readonly ask: AskStation,
    private readonly roots: LookAtRoots,
    @Inject(CONFIG) private readonly config: ConfigOf<typeof configShape>,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  run(upgrade: SecurityUpgrade, station: StationCredential): Promise<StepResult> {
    switch (upgrade.step) {
      case 'CHECK':
        return this.check(station);
      case 'CERTIFICATE':
        return this.certificate(upgrade, station);
      case 'PROFILE':
        return this.profile(upgrade, station);
      case 'PRIORITY':
        return this.write(station, PRIORITY, priorityWith(upgrade.networkSlot ?? 1, upgrade.previous));
      case 'RESET':
        return this.send(station, { reset: { kind: is16(station) ? 'SOFT' : 'ON_IDLE' } });
      case 'AWAIT':
        return Promise.resolve(this.await(upgrade, station));
      case 'ROLL_BACK':
        return this.rollBack(upgrade, station);
    }
  }

  /** What only the station knows: the root by which it checks us, and that it lets itself be told. */
  private async check(station: StationCredential): Promise<StepResult> {
    const held = await this.roots.refresh(station.tenant, station.stationId);
    if (held === undefined) return again('The station did not say which roots it holds.');
    if (!held.some(({ purpose }) => purpose === 'CSMSRootCertificate'))
      return refused('CSMS_ROOT: the station holds no CSMS root certificate.');
    const name = is16(station) ? PROFILE_16 : PRIORITY;
    const [setting] = (await this.ask.settings(station, [name])) ?? [];
    if (setting === undefined) return again('The station did not say how it is set.');
    if (!setting.known) return refused(`WRITABLE: the station knows no ${name.variable}.`);
    if (setting.mutability === 'ReadOnly')
      return refused(`WRITABLE: ${name.variable} of the station cannot be written.`);
    if (is16(station)) return { kind: 'DONE' };
    const previous = (setting.value ?? '').trim();
    const slots = previous.split(',').map(Number).filter(Number.isInteger);
    return { kind: 'DONE', change: { previous, networkSlot: freeSlot(slots) } };
  }

  private async certificate(upgrade: SecurityUpgrade, station: StationCredential): Promise<StepResult> {
    const { tenant, stationId } = station;
    const live = await this.database.read(tenantScope(tenant), (tx) =>
      liveCertificates(tx, tenant, stationId),
    );
    const now = this.clock.now();
    const held = live.find((one) => isForUs(one.type) && one.notAfter > now && one.deliveredAt !== null);
    if (held) return { kind: 'DONE' };
    // Asked once in a while: its request comes by itself, is signed, told and taken.
    if (upgrade.attempts % 10 !== 1) return again('The station has not taken a certificate yet.');
    const requestedMessage = TRIGGERS.ChargingStationCertificate;
    const answer = await this.send(station, {
      triggerMessage: { requestedMessage, evseNumber: 0, connectorNumber: 0 },
    });
    return answer.kind === 'DONE' ? again('The station was asked to request its certificate.') : answer;
  }

  private profile(upgrade: SecurityUpgrade, station: StationCredential): Promise<StepResult> {
    const profile = upgrade.stageProfile;
    if (is16(station)) return this.write(station, PROFILE_16, String(profile));
    const connectionData = {
      ocppVersion: OCPP_VERSIONS[station.protocol] ?? 'OCPP20',
      ocppInterface: this.config.KW_OCPP_INTERFACE,
      ocppTransport: 'JSON',
      ocppCsmsUrl: this.listener(profile),
      messageTimeout: MESSAGE_TIMEOUT_SECONDS,
      securityProfile: profile,
    };
    const payload = { configurationSlot: upgrade.networkSlot ?? 1, connectionData };
    return this.send(station, rawCommand('SetNetworkProfile', payload));
  }

  private await(upgrade: SecurityUpgrade, station: StationCredential): StepResult {
    return station.reachedProfile >= upgrade.stageProfile
      ? { kind: 'DONE' }
      : again('The station is not back with the profile yet.');
  }

  /** The station went back to what it had: it stays there. 1.6 stations put back their own setting. */
  private rollBack(upgrade: SecurityUpgrade, station: StationCredential): Promise<StepResult> {
    if (is16(station) || upgrade.previous === '') return Promise.resolve({ kind: 'DONE' });
    return this.write(station, PRIORITY, upgrade.previous);
  }

  private async write(station: StationCredential, name: SettingName, value: string): Promise<StepResult> {
    const writes = [{ name, value }];
    const { action, payload } = writeCall(writes);
    const answer = await this.commands.send(this.order(station, rawCommand(action, payload)));
    if (answer.outcome === 'OFFLINE' || answer.outcome === 'UNKNOWN' || answer.outcome === 'UNREACHED')
      return again(`The station was not reached (${answer.outcome}).`);
    const result = isJsonObject(answer.payload)
      ? [...writeResults(writes, answer.payload).values()][0]
      : undefined;
    if (result?.outcome === 'ACCEPTED') return { kind: 'DONE' };
    if (result?.outcome === 'REBOOT_REQUIRED') return { kind: 'DONE', rebootNeeded: true };
    return refused(`The station did not take ${name.variable}: ${result?.status ?? answer.errorCode}.`);
  }

  private async send(station: StationCredential, command: StationCommand): Promise<StepResult> {
    const answer = await this.commands.send(this.order(station, command));
    if (answer.outcome === 'ACCEPTED') return { kind: 'DONE' };
    if (answer.outcome === 'OFFLINE' || answer.outcome === 'UNKNOWN' || answer.outcome === 'UNREACHED')
      return again(`The station was not reached (${answer.outcome}).`);
    return refused(`The station said ${answer.status || answer.errorCode || answer.outcome}.`);
  }

  private order({ tenant, stationId }: StationCredential, command: StationCommand) {
    return { tenant, stationId, key: `upgrade:${this.ids.newId()}`, command };
  }

  private listener(profile: number): string {
    return profile === 3 ? this.config.KW_OCPP_MTLS_URL : this.config.KW_OCPP_TLS_URL;
  }
}

function is16({ protocol }: StationCredential): boolean {
  return protocol === 'ocpp1.6';
}

function again(problem: string): StepResult {
  return { kind: 'AGAIN', problem };
}

function refused(problem: string): StepResult {
  return { kind: 'REFUSED', problem };
}
