import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type DueWorkDefinition, type Tx } from '@kilowatch/platform';
import type { GatewayConfig } from '../config.js';
import { UploadRepository } from '../persistence/upload.repository.js';

const HOUR_MS = 3_600_000;

/** Files of stations are for the trouble of the day: forgotten with their pieces, a batch at a time. */
@Injectable()
export class ForgetUploads implements DueWorkDefinition<{ tenant: string }> {
  readonly name = 'forget-uploads';
  readonly intervalMs = HOUR_MS;
  /** Each may hold many pieces. */
  readonly limit = 20;

  constructor(
    private readonly uploads: UploadRepository,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  take(tx: Tx, now: Date, limit: number): Promise<{ tenant: string }[]> {
    const before = new Date(now.getTime() - this.config.KW_UPLOAD_DAYS * 24 * HOUR_MS);
    return this.uploads.forget(tx, before, limit);
  }
}
