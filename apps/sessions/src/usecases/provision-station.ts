import { Inject, Injectable } from '@nestjs/common';
import { toAppError, type Clock } from '@kilowatch/kernel';
import { findStationModel, settingKey } from '@kilowatch/ocpp';
import { CLOCK, CONFIG, Database, tenantScope, type Principal, type Tx } from '@kilowatch/platform';
import type { SessionsConfig } from '../config.js';
import { isProtocol16 } from '../domain/charging-state.js';
import { comesFrom, defaultSettings } from '../domain/default-settings.js';
import { nextStep, type ProvisionState, type ProvisionStep } from '../domain/provisioning.js';
import { USUAL_ITEMS } from '../domain/settings-plan.js';
import { PlaceRepository } from '../persistence/place.repository.js';
import {
  ProvisionRepository,
  type DueStation,
  type ProvisionNote,
} from '../persistence/provision.repository.js';
import { SettingRepository, wantedOf, type SettingRow } from '../persistence/setting.repository.js';
import { StationVariableRepository } from '../persistence/station-variable.repository.js';
import { ReadSettings } from './read-settings.js';
import { RunCommand, type CommandAnswer } from './run-command.js';
import { SettingVault } from './setting-vault.js';
import { WriteSettings } from './write-settings.js';

export interface ProvisionRun {
  readonly principal: Principal;
  /** False: only what is to be written is written, for somebody who waits. */
  readonly automatic: boolean;
  readonly until: Date | null;
}

/** How a step ended; ON = go on with the next one. */
type End = 'ON' | 'OFFLINE' | 'SILENT' | { readonly againAt: Date };

/** A charger that is well answers in far less; a driver's command may have to wait behind this one. */
const TIMEOUT_SECONDS = 5;
const MOST_STEPS = 12;
const MOST_ATTEMPTS = 5;
const FIRST_RETRY_MS = 30_000;
/** A report of some hundred pages, each answered before the next comes. */
const REPORT_MS = 20_000;
/** How much a station takes in one message (2.0.1 DeviceDataCtrlr, 1.6 section 9.1). */
const ITEM_LIMITS = ['ItemsPerMessage', 'GetConfigurationMaxKeys'];

/** Walks a station from step to step (domain/provisioning.ts) until it is as wanted, or does not answer. */
@Injectable()
export class ProvisionStation {
  constructor(
    private readonly database: Database,
    private readonly rows: ProvisionRepository,
    private readonly settings: SettingRepository,
    private readonly variables: StationVariableRepository,
    private readonly places: PlaceRepository,
    private readonly vault: SettingVault,
    private readonly reads: ReadSettings,
    private readonly writes: WriteSettings,
    private readonly commands: RunCommand,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: SessionsConfig,
  ) {}

  async run(due: DueStation, run: ProvisionRun): Promise<void> {
    for (let step = 0; step < MOST_STEPS; step++) {
      const state = await this.state(due, run);
      if (!state) return this.release(due, null, false);
      const next = nextStep(state, this.clock.now());
      if (next.kind === 'REST') return this.rest(due, run, state, next.waiting);
      const end = await this.perform(due, run, state, next);
      if (end === 'OFFLINE') return this.release(due, null, true);
      if (end === 'SILENT') return this.retry(due, state, next);
      if (end !== 'ON') return this.release(due, end.againAt, false);
    }
    await this.release(due, this.clock.now(), false);
  }

  private async perform(
    due: DueStation,
    run: ProvisionRun,
    state: ProvisionState,
    step: Exclude<ProvisionStep, { kind: 'REST' }>,
  ): Promise<End> {
    switch (step.kind) {
      case 'TRIGGER_BOOT':
        return this.triggerBoot(due, run, state);
      case 'READ_ALL': {
        const asked = { is16: state.is16, only: step.only };
        const end = await this.read(() =>
          this.reads.all(run.principal, due.stationId, asked, { timeoutSeconds: TIMEOUT_SECONDS }),
        );
        if (end !== 'ACCEPTED' && end !== 'REFUSED') return end;
        const isWhole = state.is16 && end === 'ACCEPTED';
        await this.note(due, {
          readFirmware: state.firmware,
          ...(isWhole ? { checkedAt: this.clock.now() } : {}),
        });
        return state.is16 || end === 'REFUSED' ? 'ON' : { againAt: this.later(REPORT_MS) };
      }
      case 'READ': {
        const size = state.itemsPerRead;
        for (let from = 0; from < step.names.length; from += size) {
          const names = step.names.slice(from, from + size);
          const end = await this.read(() =>
            this.reads.some(run.principal, due.stationId, names, state.is16, {
              timeoutSeconds: TIMEOUT_SECONDS,
            }),
          );
          if (end !== 'ACCEPTED' && end !== 'REFUSED') return end;
        }
        await this.note(due, { checkedAt: this.clock.now() });
        return 'ON';
      }
      case 'WRITE': {
        const { firmware } = state;
        await this.transaction(due, (tx) =>
          this.settings.settle(tx, due.tenant, due.stationId, step.settled, {
            now: this.clock.now(),
            firmware,
            attempted: false,
          }),
        );
        const end = await this.writes.run(run.principal, {
          stationId: due.stationId,
          firmware,
          batches: step.batches,
          timeoutSeconds: TIMEOUT_SECONDS,
          until: run.until,
        });
        if (end === 'TIME_UP') return { againAt: this.clock.now() };
        return end === 'DONE' ? 'ON' : end;
      }
    }
  }

  /** Q23: it never said what it is, or somebody decided about it. Once; it need not be able to. */
  private async triggerBoot(
    due: DueStation,
    { principal }: ProvisionRun,
    state: ProvisionState,
  ): Promise<End> {
    const ask = (requestedMessage: string, evseNumber = 0, connectorNumber = 0) => {
      const triggerMessage = { requestedMessage, evseNumber, connectorNumber };
      return this.read(() =>
        this.commands.run(principal, {
          stationId: due.stationId,
          action: 'TriggerMessage',
          args: triggerMessage,
          timeoutSeconds: TIMEOUT_SECONDS,
          command: () => ({ triggerMessage }),
        }),
      );
    };
    const end = await ask('BootNotification');
    if (end === 'OFFLINE') return end;
    await this.note(due, { bootTriggered: true });
    if (end === 'SILENT') return { againAt: this.later(FIRST_RETRY_MS) };
    if (state.registration === 'ACCEPTED' && state.bootAt === null) {
      // 1.6 tells of all connectors at once; 2.x is asked for each (F06).
      const connectors = state.is16 ? [{ evseNumber: 0, number: 0 }] : await this.connectors(due);
      for (const { evseNumber, number } of connectors) {
        if ((await ask('StatusNotification', evseNumber, number)) !== 'ACCEPTED') break;
      }
    }
    return end === 'ACCEPTED' ? { againAt: this.later(REPORT_MS) } : 'ON';
  }

  private async read(
    send: () => Promise<CommandAnswer>,
  ): Promise<'ACCEPTED' | 'REFUSED' | 'OFFLINE' | 'SILENT'> {
    try {
      const { outcome } = await send();
      if (outcome === 'OFFLINE' || outcome === 'ACCEPTED') return outcome;
      return outcome === 'UNKNOWN' ? 'SILENT' : 'REFUSED';
    } catch (thrown) {
      return toAppError(thrown).kind === 'INVALID' ? 'REFUSED' : 'SILENT';
    }
  }

  private async state(due: DueStation, run: ProvisionRun): Promise<ProvisionState | undefined> {
    const { tenant, stationId } = due;
    return this.transaction(due, async (tx) => {
      const station = await this.rows.state(tx, tenant, stationId);
      if (!station) return undefined;
      const is16 = station.protocol === '' || isProtocol16(station.protocol);
      const isAccepted = station.registration === 'ACCEPTED' && station.protocol !== '';
      const held = await this.wanted(tx, due);
      const isSeeded = run.automatic && isAccepted && (await this.seedDefaults(tx, due, is16, held));
      const wanted = isSeeded ? await this.wanted(tx, due) : held;
      const model = findStationModel(station.vendor, station.model);
      const said = await this.variables.values(tx, tenant, stationId, ITEM_LIMITS);
      const limit = (name: string) =>
        Math.min(Number(said.get(name) ?? 0) || USUAL_ITEMS, model.maxItemsPerMessage ?? Infinity);
      return {
        online: station.online,
        registration: station.registration,
        automatic: run.automatic,
        triggerBoot: station.trigger_boot,
        is16,
        firmware: station.firmware_version,
        readFirmware: station.read_firmware,
        bootAt: station.last_boot_at,
        checkedAt: station.checked_at,
        model,
        itemsPerMessage: limit('devicedatactrlr.itemspermessage.setvariables'),
        itemsPerRead: limit(
          is16 ? '.getconfigurationmaxkeys.' : 'devicedatactrlr.itemspermessage.getvariables',
        ),
        wanted: wanted.flatMap((row) => wantedOf(row, (sealed) => this.vault.open(sealed, stationId)) ?? []),
      };
    });
  }

  private async wanted(tx: Tx, { tenant, stationId }: DueStation): Promise<readonly SettingRow[]> {
    return (await this.settings.wantedOf(tx, tenant, [stationId])).get(stationId) ?? [];
  }

  /** False when all was as it should be. */
  private async seedDefaults(
    tx: Tx,
    { tenant, stationId }: DueStation,
    is16: boolean,
    wanted: readonly SettingRow[],
  ): Promise<boolean> {
    const heartbeatSeconds = this.config.KW_HEARTBEAT_INTERVAL_SECONDS;
    const defaults = defaultSettings({ tenant, is16, heartbeatSeconds }, this.config.KW_STATION_DEFAULTS);
    const held = new Map(wanted.map((row) => [row.setting_key, row]));
    const missing = defaults.filter(({ name, value }) => !isHeld(held.get(settingKey(name)), value));
    const wishes = missing.map(({ name, value }) => ({ name, value, sealed: null, secret: false }));
    const wisher = { source: 'DEFAULT', by: 'default', at: this.clock.now() } as const;
    await this.settings.want(tx, tenant, stationId, wishes, wisher);
    const present = new Set(defaults.map(({ name }) => settingKey(name)));
    const gone = wanted.filter(
      (row) => row.source === 'DEFAULT' && (row.component === '') === is16 && !present.has(row.setting_key),
    );
    const keys = gone.map((row) => row.setting_key);
    await this.settings.forget(tx, tenant, stationId, keys);
    return missing.length > 0 || gone.length > 0;
  }

  private async rest(
    due: DueStation,
    run: ProvisionRun,
    state: ProvisionState,
    waiting: boolean,
  ): Promise<void> {
    await this.transaction(due, async (tx) => {
      if (!state.online) {
        const left = state.wanted.filter(({ outcome }) => outcome === 'PENDING');
        const verdicts = left.map(({ key }) => ({ key, outcome: 'OFFLINE' as const, status: '' }));
        const at = { now: this.clock.now(), firmware: state.firmware, attempted: false };
        await this.settings.settle(tx, due.tenant, due.stationId, verdicts, at);
      }
      // Somebody's order came before what the station would have got by itself.
      const isPutOff = !run.automatic && this.config.KW_PROVISION_ON_BOOT && state.online;
      const dueAt = isPutOff ? this.later(this.config.KW_PROVISION_DELAY_SECONDS * 1000) : null;
      await this.rows.release(tx, due, { dueAt, waiting, attempts: 0 });
    });
  }

  /** Bounded: after the last attempt the question is taken for answered until another firmware, or the next boot, comes. */
  private async retry(due: DueStation, state: ProvisionState, step: ProvisionStep): Promise<void> {
    if (due.attempts < MOST_ATTEMPTS)
      return this.release(due, this.later(FIRST_RETRY_MS * 4 ** (due.attempts - 1)), false);
    if (step.kind === 'READ_ALL') await this.note(due, { readFirmware: state.firmware });
    await this.release(due, null, true);
  }

  private async connectors({ tenant, stationId }: DueStation) {
    const [view] = await this.database.read(tenantScope(tenant), (tx) =>
      this.places.stations(tx, { tenant, publishedOnly: false }, [stationId]),
    );
    return (view?.evses ?? []).flatMap((evse) => evse.connectors);
  }

  private note(due: DueStation, note: ProvisionNote): Promise<void> {
    return this.transaction(due, (tx) => this.rows.note(tx, due.tenant, due.stationId, note));
  }

  private release(due: DueStation, dueAt: Date | null, waiting: boolean): Promise<void> {
    const attempts = due.attempts;
    return this.transaction(due, (tx) => this.rows.release(tx, due, { dueAt, waiting, attempts }));
  }

  private transaction<T>({ tenant }: DueStation, fn: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.transaction(tenantScope(tenant), fn);
  }

  private later(ms: number): Date {
    return new Date(this.clock.now().getTime() + ms);
  }
}

function isHeld(row: SettingRow | undefined, value: string): boolean {
  if (!row) return false;
  return row.source === 'OPERATOR' || comesFrom(row.wanted_value ?? '', value);
}
