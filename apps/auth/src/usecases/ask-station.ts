import { Inject, Injectable } from '@nestjs/common';
import type { IdSource } from '@kilowatch/kernel';
import {
  children,
  configurationSettings,
  isJsonObject,
  key16,
  readCall,
  text,
  variableName,
  variableSettings,
  type JsonObject,
  type ReportedSetting,
  type SettingName,
} from '@kilowatch/ocpp';
import { Database, IDS, tenantScope } from '@kilowatch/platform';
import type { RootRule } from '../domain/root-rules.js';
import {
  findCredentialByStation,
  type StationCredential,
} from '../persistence/station-credential.repository.js';
import type { InstalledRoot } from '../persistence/station-root.repository.js';
import { rawCommand, StationCommands, type StationAnswer } from './station-commands.js';
import { objectInside } from './station-word.js';

type Asked = Pick<StationCredential, 'tenant' | 'stationId' | 'protocol'>;

/** 1.6: words of the security extension, and of plug and charge, whose questions travel in a DataTransfer. */
const PURPOSES_16 = [
  'CSMSRootCertificate',
  'ManufacturerRootCertificate',
  'V2GRootCertificate',
  'MORootCertificate',
];
const TIMEOUT_SECONDS = 10;

/** Questions to a station whose answers are read here: what roots it holds, how it is set. Nothing is stored. */
@Injectable()
export class AskStation {
  constructor(
    private readonly database: Database,
    private readonly commands: StationCommands,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  /** Undefined: it did not answer. */
  async installedRoots(station: Asked): Promise<InstalledRoot[] | undefined> {
    if (station.protocol !== 'ocpp1.6') {
      const answer = await this.send(station, { getInstalledCertificates: { purposes: [] } });
      return answer.payload === undefined ? undefined : chainsOf(answer.payload);
    }
    const all: InstalledRoot[] = [];
    let answered = false;
    for (const purpose of PURPOSES_16) {
      const answer = await this.send(station, { getInstalledCertificates: { purposes: [purpose] } });
      if (answer.payload === undefined) continue;
      answered = true;
      const inside = objectInside(answer.payload);
      all.push(...(inside ? chainsOf(inside) : hashesOf(answer.payload, purpose)));
    }
    return answered ? all : undefined;
  }

  async additionalRootCheck(tenant: string, stationId: string): Promise<RootRule> {
    const station = await this.database.read(tenantScope(tenant), (tx) =>
      findCredentialByStation(tx, tenant, stationId),
    );
    if (!station) return 'ANY';
    const name =
      station.protocol === 'ocpp1.6'
        ? key16('AdditionalRootCertificateCheck')
        : variableName('SecurityCtrlr', 'AdditionalRootCertificateCheck');
    const setting = (await this.settings(station, [name]))?.[0];
    return setting?.value?.toLowerCase() === 'true' ? 'MUST_BE_SIGNED' : 'ANY';
  }

  /** Undefined: it did not answer. */
  async settings(station: Asked, names: readonly SettingName[]): Promise<ReportedSetting[] | undefined> {
    const is16 = station.protocol === 'ocpp1.6';
    const { action, payload } = readCall(is16, names);
    const answer = await this.send(station, rawCommand(action, payload));
    if (!isJsonObject(answer.payload)) return undefined;
    return is16 ? configurationSettings(answer.payload) : variableSettings(answer.payload);
  }

  private send(
    { tenant, stationId }: Asked,
    command: Parameters<StationCommands['send']>[0]['command'],
  ): Promise<StationAnswer> {
    return this.commands.send({
      tenant,
      stationId,
      key: `ask:${this.ids.newId()}`,
      command,
      timeoutSeconds: TIMEOUT_SECONDS,
    });
  }
}

/** 2.x: certificateHashDataChain, each with the children of a V2G chain. */
function chainsOf(payload: unknown): InstalledRoot[] {
  if (!isJsonObject(payload)) return [];
  return children(payload, 'certificateHashDataChain').flatMap((chain) => {
    const purpose = text(chain, 'certificateType') ?? '';
    const own = chain['certificateHashData'];
    if (!isJsonObject(own)) return [];
    const root = rootOf(own, purpose, '');
    const below = children(chain, 'childCertificateHashData').map((child) =>
      rootOf(child, purpose, root.serialNumber),
    );
    return [root, ...below];
  });
}

function hashesOf(payload: unknown, purpose: string): InstalledRoot[] {
  return isJsonObject(payload)
    ? children(payload, 'certificateHashData').map((hash) => rootOf(hash, purpose, ''))
    : [];
}

function rootOf(hash: JsonObject, purpose: string, parentSerial: string): InstalledRoot {
  return {
    purpose,
    hashAlgorithm: text(hash, 'hashAlgorithm') ?? '',
    issuerNameHash: text(hash, 'issuerNameHash') ?? '',
    issuerKeyHash: text(hash, 'issuerKeyHash') ?? '',
    serialNumber: text(hash, 'serialNumber') ?? '',
    parentSerial,
  };
}
