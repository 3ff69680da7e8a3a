import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { events } from '@kilowatch/contracts';
import { tenantId, type Clock } from '@kilowatch/kernel';
import { CLOCK, CONFIG, Database, LOGGER, SYSTEM_SCOPE, tenantScope, type Logger } from '@kilowatch/platform';
import type { GatewayConfig } from '../config.js';
import type { UploadTarget } from '../domain/upload-path.js';
import { UploadRepository, type ClaimedUpload } from '../persistence/upload.repository.js';
import { uploadTokenHash } from './offer-upload.js';

/** Bytes of a piece: one insert, and one answer to whoever fetches the file. */
export const UPLOAD_CHUNK = 256 * 1024;
/** A request that has taken longer is dead, whatever its socket says. */
export const UPLOAD_DEADLINE_MS = 15 * 60_000;
/** At the same time on this pod; each holds two pieces in memory. */
const MAX_AT_ONCE = 20;

export type UploadVerdict =
  | 'stored'
  | 'unknown'
  /** Used or expired. */
  | 'gone'
  /** Another request brings the same file, or too many come at once. */
  | 'busy'
  | 'too_large'
  | 'empty'
  /** The charger broke off; it may try again. */
  | 'broken';

interface Received {
  readonly sizeBytes: number;
  readonly chunks: number;
  readonly sha256: string;
}

class TooLarge extends Error {}

/**
 * Takes in a file that we asked a station for. The token in its address opens one upload, once: a second file is refused, a
 * broken attempt is forgotten and may be repeated. Never more than two pieces are held in memory.
 */
@Injectable()
export class ReceiveUpload {
  private underWay = 0;

  constructor(
    private readonly database: Database,
    private readonly uploads: UploadRepository,
    @Inject(CONFIG) private readonly config: GatewayConfig,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** `declared`: Content-Length, when there is one. Throws when the database is away. */
  async receive(
    { token, fileName }: UploadTarget,
    body: AsyncIterable<Buffer>,
    declared: number | undefined,
  ): Promise<UploadVerdict> {
    if (this.underWay >= MAX_AT_ONCE) return 'busy';
    this.underWay++;
    try {
      const now = this.clock.now();
      const stale = new Date(now.getTime() - UPLOAD_DEADLINE_MS);
      const claimed = await this.database.transaction(SYSTEM_SCOPE, (tx) =>
        this.uploads.claim(tx, uploadTokenHash(token), now, stale),
      );
      return typeof claimed === 'string' ? claimed : await this.take(claimed, fileName, body, declared);
    } finally {
      this.underWay--;
    }
  }

  private async take(
    claimed: ClaimedUpload,
    fileName: string,
    body: AsyncIterable<Buffer>,
    declared: number | undefined,
  ): Promise<UploadVerdict> {
    const { tenant, uploadId, stationId } = claimed;
    try {
      if (declared !== undefined && declared > this.limit) throw new TooLarge();
      const received = await this.store(claimed, body);
      if (received.sizeBytes === 0) return await this.giveUp(claimed, 'OPEN', 'empty');
      return (await this.finish(claimed, fileName, received)) ? 'stored' : 'busy';
    } catch (err) {
      if (err instanceof TooLarge) return await this.giveUp(claimed, 'REFUSED', 'too_large');
      this.log.warn({ err, tenant, stationId, uploadId }, 'upload broke off');
      return await this.giveUp(claimed, 'OPEN', 'broken');
    }
  }

  private get limit(): number {
    return this.config.KW_UPLOAD_MAX_MB * 1024 * 1024;
  }

  private async store(claimed: ClaimedUpload, body: AsyncIterable<Buffer>): Promise<Received> {
    const scope = tenantScope(tenantId(claimed.tenant));
    const hash = createHash('sha256');
    let sizeBytes = 0;
    let chunks = 0;
    for await (const piece of pieces(body, UPLOAD_CHUNK)) {
      sizeBytes += piece.length;
      if (sizeBytes > this.limit) throw new TooLarge();
      hash.update(piece);
      const no = chunks++;
      await this.database.transaction(scope, (tx) => this.uploads.addChunk(tx, claimed, no, piece));
    }
    return { sizeBytes, chunks, sha256: hash.digest('hex') };
  }

  private finish(claimed: ClaimedUpload, fileName: string, received: Received): Promise<boolean> {
    const { tenant, uploadId, stationId } = claimed;
    const storedAt = this.clock.now();
    return this.database.transaction(tenantScope(tenantId(tenant)), async (tx) => {
      const file = { ...received, state: 'STORED', fileName } as const;
      if (!(await this.uploads.settle(tx, claimed, file, storedAt))) return false;
      await this.uploads.dropOtherAttempts(tx, claimed);
      tx.publish(events.stationFileUploaded, {
        aggregateId: uploadId,
        aggregateVersion: 1,
        occurredAt: storedAt,
        payload: { uploadId, stationId, fileName, sizeBytes: received.sizeBytes, storedAt },
      });
      return true;
    });
  }

  private async giveUp<V extends UploadVerdict>(
    claimed: ClaimedUpload,
    state: 'OPEN' | 'REFUSED',
    verdict: V,
  ): Promise<V> {
    const file = { state, fileName: '', sizeBytes: 0, chunks: 0, sha256: '' };
    await this.database.transaction(tenantScope(tenantId(claimed.tenant)), async (tx) => {
      await this.uploads.settle(tx, claimed, file, null);
      await this.uploads.dropChunks(tx, claimed);
    });
    return verdict;
  }
}

/** The same bytes in pieces of `size`, the last one shorter. */
export async function* pieces(body: AsyncIterable<Buffer>, size: number): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let length = 0;
  for await (const part of body) {
    let rest = part;
    while (length + rest.length >= size) {
      const cut = size - length;
      yield Buffer.concat([...held, rest.subarray(0, cut)]);
      rest = rest.subarray(cut);
      held = [];
      length = 0;
    }
    if (rest.length > 0) held.push(rest);
    length += rest.length;
  }
  if (length > 0) yield Buffer.concat(held);
}
