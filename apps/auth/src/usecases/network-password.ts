import { Inject, Injectable } from '@nestjs/common';
import type { IdSource } from '@kilowatch/kernel';
import { isJsonObject, writeCall, writeResults } from '@kilowatch/ocpp';
import { IDS } from '@kilowatch/platform';
import {
  PRIORITY,
  priorityWith,
  profileNames,
  slotsOf,
  withPassword,
  type Slots,
} from '../domain/network-profile.js';
import type { StationCredential } from '../persistence/station-credential.repository.js';
import { AskStation } from './ask-station.js';
import { rawCommand, StationCommands, type StationCommand, type StationOutcome } from './station-commands.js';

export interface NetworkPlan {
  readonly slots: Slots;
  readonly connectionData: object;
}

/** ACCEPTED, REJECTED: the old one stays. UNKNOWN: either may be used after the next boot. */
export interface Told {
  readonly outcome: Extract<StationOutcome, 'ACCEPTED' | 'REJECTED' | 'UNKNOWN'>;
  readonly status: string;
}

type Station = Pick<StationCredential, 'tenant' | 'stationId' | 'protocol'>;
const TIMEOUT_SECONDS = 8;

/** OCPP 2.1 B09, B10: a password goes with a network profile, into a slot beside the one in use; the station boots into it. */
@Injectable()
export class NetworkPassword {
  constructor(
    private readonly ask: AskStation,
    private readonly commands: StationCommands,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  /** Undefined: not a station of 2.1, or one whose profile cannot be copied; its password is a variable then. */
  async plan(station: Station, password: string): Promise<NetworkPlan | undefined> {
    if (station.protocol !== 'ocpp2.1') return undefined;
    const [priority] = (await this.ask.settings(station, [PRIORITY])) ?? [];
    const slots = slotsOf(priority);
    if (!slots) return undefined;
    const settings = await this.ask.settings(station, profileNames(slots));
    const connectionData = settings && withPassword(slots, settings, password);
    return connectionData && { slots, connectionData };
  }

  /** Until the priority is written the slot is not used, so whatever becomes of the profile changes nothing. */
  async tell(station: Station, { slots, connectionData }: NetworkPlan): Promise<Told> {
    const profile = { configurationSlot: slots.free, connectionData };
    const set = await this.send(station, rawCommand('SetNetworkProfile', profile));
    if (set.outcome !== 'ACCEPTED') return { outcome: 'REJECTED', status: set.status || set.outcome };
    const written = await this.write(station, priorityWith(slots.free, slots.priority));
    if (written.outcome !== 'ACCEPTED') return written;
    const reset = await this.send(station, { reset: { kind: 'ON_IDLE' } });
    if (reset.outcome === 'ACCEPTED') return { outcome: 'ACCEPTED', status: reset.status };
    // It would use the new one whenever it boots the next time: taken back, else nobody knows.
    const restored = await this.restore(station, slots.priority);
    return { outcome: restored ? 'REJECTED' : 'UNKNOWN', status: reset.status || reset.outcome };
  }

  /** False: it did not say that it took it. */
  async restore(station: Station, priority: string): Promise<boolean> {
    return (await this.write(station, priority)).outcome === 'ACCEPTED';
  }

  private async write(station: Station, value: string): Promise<Told> {
    const writes = [{ name: PRIORITY, value }];
    const { action, payload } = writeCall(writes);
    const answer = await this.send(station, rawCommand(action, payload));
    if (answer.outcome === 'UNKNOWN' || answer.outcome === 'UNREACHED')
      return { outcome: 'UNKNOWN', status: answer.outcome };
    const result = isJsonObject(answer.payload)
      ? [...writeResults(writes, answer.payload).values()][0]
      : undefined;
    const isTaken = result?.outcome === 'ACCEPTED' || result?.outcome === 'REBOOT_REQUIRED';
    const status = result?.status || answer.status || answer.outcome;
    return { outcome: isTaken ? 'ACCEPTED' : 'REJECTED', status };
  }

  private send({ tenant, stationId }: Station, command: StationCommand) {
    const key = `network-password:${this.ids.newId()}`;
    return this.commands.send({ tenant, stationId, key, command, timeoutSeconds: TIMEOUT_SECONDS });
  }
}
