import { Injectable } from '@nestjs/common';
import { isUuid, notFound } from '@kilowatch/kernel';
import { Database, tenantScope, type Principal } from '@kilowatch/platform';
import { UploadRepository, type StoredFile } from '../persistence/upload.repository.js';

/** Files that stations of an operator's tenant sent. */
@Injectable()
export class ViewUpload {
  constructor(
    private readonly database: Database,
    private readonly uploads: UploadRepository,
  ) {}

  async filesOf({ tenant }: Principal, ids: readonly string[]): Promise<Map<string, StoredFile>> {
    const files = await this.database.read(tenantScope(tenant), (tx) =>
      this.uploads.filesOf(tx, tenant, ids.filter(isUuid)),
    );
    return new Map(files.map((file) => [file.uploadId, file]));
  }

  async chunk({ tenant }: Principal, uploadId: string, no: number): Promise<Buffer> {
    const data = await this.database.read(tenantScope(tenant), (tx) =>
      this.uploads.chunk(tx, tenant, uploadId, no),
    );
    if (!data) throw notFound('UPLOAD_CHUNK_UNKNOWN', 'The file has no such part.');
    return data;
  }
}
