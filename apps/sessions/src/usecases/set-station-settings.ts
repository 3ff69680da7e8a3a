import { Inject, Injectable } from '@nestjs/common';
import { invalid, type Clock } from '@kilowatch/kernel';
import {
  isSecretSetting,
  key16,
  settingKey,
  STATION_WIDE,
  variableOfKey,
  type SettingName,
} from '@kilowatch/ocpp';
import {
  argsHash,
  CLOCK,
  Database,
  idempotent,
  tenantScope,
  type Principal,
  type Tx,
} from '@kilowatch/platform';
import { ProvisionRepository, type DueStation } from '../persistence/provision.repository.js';
import { SettingRepository } from '../persistence/setting.repository.js';
import { OperatedStation } from './operated-station.js';
import { ProvisionStation } from './provision-station.js';
import { SettingVault } from './setting-vault.js';

export interface SettingInput {
  readonly name: string;
  readonly component?: string | null;
  readonly componentInstance?: string | null;
  readonly instance?: string | null;
  readonly evseNumber?: number | null;
  readonly connectorNumber?: number | null;
  /** Null: nothing is wanted any more. */
  readonly value?: string | null;
}

export interface SettingsInput {
  readonly stationId: string;
  readonly settings: readonly SettingInput[];
  readonly idempotencyKey?: string | null;
}

const MOST_SETTINGS = 50;
const MAX_NAME = 50;
const MAX_VALUE = 2_500;
const MAX_KEY = 200;
/** A person waits at most 10 s; what is not done by then goes on by itself. */
const PATIENCE_MS = 7_000;
/** Nobody else works on the station while we do. */
const HOLD_MS = 60_000;

interface Asked {
  readonly name: SettingName;
  readonly value: string | null;
}

/** Keeps what an operator wants of a station and tells the station at once, if it is there. */
@Injectable()
export class SetStationSettings {
  constructor(
    private readonly database: Database,
    private readonly stations: OperatedStation,
    private readonly settings: SettingRepository,
    private readonly provisions: ProvisionRepository,
    private readonly vault: SettingVault,
    private readonly provision: ProvisionStation,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Keys of the settings that were asked for. */
  async set(principal: Principal, input: SettingsInput): Promise<string[]> {
    const { stationId } = input;
    const station = await this.stations.one(principal, stationId);
    const asked = input.settings.map((setting) => askedOf(setting, isOf2x(station.protocol)));
    const keys = asked.map(({ name }) => settingKey(name));
    check(input, keys);
    const due = await this.database.transaction(tenantScope(principal.tenant), (tx) =>
      this.once(tx, principal, input, () => this.store(tx, principal, stationId, asked)),
    );
    if (due) {
      const until = new Date(this.clock.now().getTime() + PATIENCE_MS);
      await this.provision.run(due, { principal, automatic: false, until });
    }
    return keys;
  }

  /** Undefined for a repeated key: it was done. */
  private async once(
    tx: Tx,
    principal: Principal,
    input: SettingsInput,
    store: () => Promise<DueStation>,
  ): Promise<DueStation | undefined> {
    if (!input.idempotencyKey) return store();
    let due: DueStation | undefined;
    const { stationId, settings, idempotencyKey: key } = input;
    const request = {
      operation: 'setStationSettings',
      subject: principal.accountId,
      key,
      argsHash: argsHash({ stationId, settings }),
    };
    await idempotent(tx, request, async () => {
      due = await store();
    });
    return due;
  }

  private async store(
    tx: Tx,
    { tenant, accountId }: Principal,
    stationId: string,
    asked: readonly Asked[],
  ): Promise<DueStation> {
    const now = this.clock.now();
    const wishes = asked.flatMap(({ name, value }) => {
      if (value === null) return [];
      const secret = isSecretSetting(name);
      const sealed = secret ? this.vault.seal(value, stationId) : null;
      return [{ name, value: secret ? '' : value, sealed, secret }];
    });
    const given = asked.filter(({ value }) => value === null).map(({ name }) => settingKey(name));
    await this.settings.want(tx, tenant, stationId, wishes, { source: 'OPERATOR', by: accountId, at: now });
    await this.settings.forget(tx, tenant, stationId, given);
    const dueAt = new Date(now.getTime() + HOLD_MS);
    const lease = await this.provisions.call(tx, tenant, stationId, { dueAt, triggerBoot: null });
    tx.live('station', stationId);
    return { tenant, stationId, lease, attempts: 1 };
  }
}

function isOf2x(protocol: string): boolean {
  return protocol.startsWith('ocpp2');
}

/** A name without a component is a 1.6 key, or `Component.Variable`; of a 2.x station also the key that means the same. */
function askedOf(setting: SettingInput, is2x: boolean): Asked {
  const value = setting.value ?? null;
  const named = setting.name.trim();
  const place = {
    componentInstance: setting.componentInstance ?? '',
    instance: setting.instance ?? '',
    evseNumber: setting.evseNumber ?? null,
    connectorNumber: setting.connectorNumber ?? null,
  };
  if (setting.component) {
    return { name: { ...STATION_WIDE, ...place, component: setting.component, variable: named }, value };
  }
  const [component = '', variable = '', ...more] = named.split('.');
  if (is2x && variable !== '' && more.length === 0) return { name: { ...place, component, variable }, value };
  return { name: (is2x ? variableOfKey(named) : null) ?? key16(named), value };
}

function check({ settings, idempotencyKey }: SettingsInput, keys: readonly string[]): void {
  if (settings.length === 0 || settings.length > MOST_SETTINGS)
    throw invalid('SESSIONS_SETTINGS_COUNT', `Name 1 to ${MOST_SETTINGS} settings.`);
  if (new Set(keys).size < keys.length) throw invalid('SESSIONS_SETTING_TWICE', 'A setting is named twice.');
  if ((idempotencyKey ?? '').length > MAX_KEY)
    throw invalid('SESSIONS_IDEMPOTENCY_KEY', 'The idempotency key is too long.');
  for (const {
    name,
    component,
    componentInstance,
    instance,
    value,
    evseNumber,
    connectorNumber,
  } of settings) {
    const texts = [component, componentInstance, instance].map((text) => text ?? '');
    if (name.trim() === '' || [name, ...texts].some((text) => text.length > 2 * MAX_NAME))
      throw invalid('SESSIONS_SETTING_NAME', `A setting has a name of 1 to ${2 * MAX_NAME} characters.`);
    if ((value ?? '').length > MAX_VALUE)
      throw invalid('SESSIONS_SETTING_VALUE', `A value has at most ${MAX_VALUE} characters.`);
    for (const number of [evseNumber ?? 0, connectorNumber ?? 0]) {
      if (!Number.isInteger(number) || number < 0 || number > 999)
        throw invalid('SESSIONS_SETTING_PLACE', 'EVSEs and connectors are numbered from 0.');
    }
  }
}
