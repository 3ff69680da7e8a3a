import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { ocppGateway } from '@kilowatch/contracts';
import { invalid, isUuid, type Clock, type IdSource } from '@kilowatch/kernel';
import { CLOCK, CONFIG, IDS, type Tx } from '@kilowatch/platform';
import type { GatewayConfig } from '../config.js';
import { UPLOADS } from '../domain/upload-path.js';
import { UPLOAD_TOKEN_BYTES } from '../domain/upload-token.js';
import { UploadRepository } from '../persistence/upload.repository.js';

const HOUR_MS = 3_600_000;

/** An address that one station may send one file to. The token is in it and nowhere else. */
export interface OfferedUpload {
  readonly uploadId: string;
  readonly location: string;
  readonly tokenHash: string;
}

export function uploadTokenHash(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** Opens an upload for a command that asks a station for a file. */
@Injectable()
export class OfferUpload {
  private port = 0;

  constructor(
    private readonly uploads: UploadRepository,
    @Inject(CONFIG) private readonly config: GatewayConfig,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  /** Without KW_UPLOAD_URL stations are told this port on the first public host: good on one machine, wrong behind a proxy. */
  listensOn(port: number): void {
    this.port = port;
  }

  /** Undefined for a command that asks for no file. */
  offer({ requestLog }: ocppGateway.SendRequest): OfferedUpload | undefined {
    if (!requestLog) return undefined;
    const { uploadId, location } = requestLog;
    if (location !== '') throw invalid('COMMAND_LOG_LOCATION', 'Where a log goes is said here.');
    if (!isUuid(uploadId)) throw invalid('COMMAND_UPLOAD', 'This is not the id of an upload.');
    const token = this.ids.token(UPLOAD_TOKEN_BYTES);
    // The slash at the end: chargers put their file's name right behind it (Q51).
    return { uploadId, location: `${this.baseUrl()}${UPLOADS}${token}/`, tokenHash: uploadTokenHash(token) };
  }

  /** In the transaction that writes the command down. */
  async open(
    tx: Tx,
    tenant: string,
    stationId: string,
    { uploadId, tokenHash }: OfferedUpload,
  ): Promise<void> {
    const openedAt = this.clock.now();
    const expiresAt = new Date(openedAt.getTime() + this.config.KW_UPLOAD_HOURS * HOUR_MS);
    await this.uploads.open(tx, tenant, { uploadId, stationId, tokenHash, openedAt, expiresAt });
  }

  /** The charger port as stations reach it, without a slash at the end. */
  baseUrl(): string {
    const { KW_UPLOAD_URL: url, KW_OCPP_PUBLIC_HOST: hosts } = this.config;
    if (url !== '') return url.replace(/\/+$/, '');
    return `http://${hosts.split(',')[0]?.trim() || 'localhost'}:${this.port}`;
  }
}
