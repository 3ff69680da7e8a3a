import { Inject, Injectable } from '@nestjs/common';
import { invalid, type Clock, type IdSource } from '@kilowatch/kernel';
import { CERTIFICATES, type CertificatesClient } from '../peers.js';
import { CLOCK, Database, IDS, tenantScope, type Principal, type Tx } from '@kilowatch/platform';
import type { CommandOutcome } from '../domain/command-outcome.js';
import { withoutCredentials } from '../domain/command-secrets.js';
import { FirmwareUpdateRepository, type FirmwareRow } from '../persistence/firmware-update.repository.js';
import { SituationRepository } from '../persistence/situation.repository.js';
import { ChangeFirmware } from './change-firmware.js';
import { OperatedStation } from './operated-station.js';
import { RunCommand, type CommandAnswer } from './run-command.js';

export interface UpdateFirmwareInput {
  readonly stationId: string;
  readonly location: string;
  readonly retrieveAt?: Date | null;
  readonly installAt?: Date | null;
  /** PEM. */
  readonly signingCertificate?: string | null;
  /** Base64. */
  readonly signature?: string | null;
  readonly retries?: number | null;
  readonly retryIntervalSeconds?: number | null;
  readonly idempotencyKey?: string | null;
}

const STATUS_OF_OUTCOME: Readonly<Record<CommandOutcome, 'ACCEPTED' | 'REFUSED' | undefined>> = {
  ACCEPTED: 'ACCEPTED',
  REJECTED: 'REFUSED',
  CHARGER_ERROR: 'REFUSED',
  OFFLINE: 'REFUSED',
  // It may have begun: its own words will tell.
  UNKNOWN: undefined,
};
const SCHEMES = new Set(['http:', 'https:', 'ftp:', 'ftps:', 'sftp:']);
const MAX_LOCATION = 512;
const MAX_RETRIES = 10;
const DAY_SECONDS = 86_400;

/** Has a station fetch and install a firmware. Stations do one at a time: the newest request they take replaces the one before. */
@Injectable()
export class UpdateFirmware {
  constructor(
    private readonly database: Database,
    private readonly stations: OperatedStation,
    private readonly situations: SituationRepository,
    private readonly updates: FirmwareUpdateRepository,
    private readonly change: ChangeFirmware,
    private readonly commands: RunCommand,
    @Inject(CERTIFICATES) private readonly certificates: CertificatesClient,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  async update(
    principal: Principal,
    input: UpdateFirmwareInput,
  ): Promise<{ answer: CommandAnswer; update: FirmwareRow }> {
    check(input);
    const { tenant } = principal;
    const { stationId, idempotencyKey, ...told } = input;
    await this.stations.one(principal, stationId);
    await this.checkSigner(tenant, input);
    const answer = await this.commands.run(principal, {
      stationId,
      idempotencyKey,
      action: 'UpdateFirmware',
      args: told,
      auditedArgs: { ...told, location: withoutCredentials(input.location), signature: undefined },
      prepare: (tx, id) => this.begin(tx, principal, id, input),
      command: async (id) => {
        const row = await this.find(principal, id);
        return {
          updateFirmware: {
            requestId: row.request_id ?? 0,
            location: input.location,
            retrieveAt: row.retrieve_at ?? row.requested_at,
            installAt: input.installAt ?? undefined,
            signingCertificate: input.signingCertificate ?? '',
            signature: input.signature ?? '',
            retries: input.retries ?? 0,
            retryIntervalSeconds: input.retryIntervalSeconds ?? 0,
          },
        };
      },
      finished: (tx, id, { outcome }) => this.settle(tx, tenant, stationId, id, outcome),
    });
    return { answer, update: await this.find(principal, answer.auditId) };
  }

  /** A00.FR.706: who signed it is judged here before a station hears of it. */
  private async checkSigner(
    tenant: Principal['tenant'],
    { signingCertificate, signature }: UpdateFirmwareInput,
  ): Promise<void> {
    if (!signingCertificate || !signature) return;
    const { accepted, reason } = await this.certificates.checkFirmwareSigner(
      { signingCertificate, signature },
      { tenant, idempotent: true },
    );
    if (!accepted) throw invalid('SESSIONS_FIRMWARE_SIGNER', reason);
  }

  private async begin(tx: Tx, principal: Principal, id: string, input: UpdateFirmwareInput): Promise<void> {
    const now = this.clock.now();
    await this.change.begin(tx, principal.tenant, {
      id,
      station_id: input.stationId,
      kind: 'INSTALL',
      request_id: this.ids.randomInt31(),
      location: withoutCredentials(input.location),
      signed: Boolean(input.signature),
      status: 'REQUESTED',
      requested_by: principal.accountId,
      requested_at: now,
      retrieve_at: input.retrieveAt ?? now,
      install_at: input.installAt ?? null,
      updated_at: now,
      version: 1,
    });
  }

  private async settle(
    tx: Tx,
    tenant: string,
    stationId: string,
    id: string,
    outcome: CommandOutcome,
  ): Promise<void> {
    const status = STATUS_OF_OUTCOME[outcome];
    if (!status) return;
    this.situations.lockStation(tx, tenant, stationId);
    const row = await this.updates.find(tx, tenant, id);
    if (row) await this.change.to(tx, tenant, row, status);
    if (status !== 'ACCEPTED') return;
    for (const other of await this.updates.openBeside(tx, tenant, stationId, id)) {
      await this.change.to(tx, tenant, other, 'SUPERSEDED');
    }
  }

  private async find({ tenant }: Principal, id: string): Promise<FirmwareRow> {
    const row = await this.database.read(tenantScope(tenant), (tx) => this.updates.find(tx, tenant, id));
    return row!;
  }
}

function check(input: UpdateFirmwareInput): void {
  const { location, signature, signingCertificate, retries, retryIntervalSeconds } = input;
  if (location.length > MAX_LOCATION || !URL.canParse(location) || !SCHEMES.has(new URL(location).protocol)) {
    throw invalid(
      'SESSIONS_FIRMWARE_LOCATION',
      'A firmware is at an http, https, ftp, ftps or sftp address.',
    );
  }
  if (Boolean(signature) !== Boolean(signingCertificate)) {
    throw invalid(
      'SESSIONS_FIRMWARE_SIGNATURE',
      'A signed firmware has a signature and a signing certificate.',
    );
  }
  if (!isWithin(retries, MAX_RETRIES) || !isWithin(retryIntervalSeconds, DAY_SECONDS)) {
    throw invalid('SESSIONS_FIRMWARE_RETRIES', `Retries are 0 to ${MAX_RETRIES}, a day apart at most.`);
  }
}

function isWithin(value: number | null | undefined, most: number): boolean {
  return value === undefined || value === null || (Number.isInteger(value) && value >= 0 && value <= most);
}
