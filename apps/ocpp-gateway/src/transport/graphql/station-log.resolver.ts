import { Args, Context, Parent, ResolveField, ResolveReference, Resolver } from '@nestjs/graphql';
import { isUuid } from '@kilowatch/kernel';
import { Allow, batchLoad, CurrentPrincipal, type GraphqlContext, type Principal } from '@kilowatch/platform';
import { ViewUpload } from '../../usecases/view-upload.js';

interface LogReference {
  readonly id: string;
}

/** The file behind a log that sessions asked a station for; the log's id is the upload's. */
@Resolver('StationLog')
@Allow('devices:read')
export class StationLogResolver {
  constructor(private readonly view: ViewUpload) {}

  @ResolveReference()
  reference({ id }: LogReference): LogReference | null {
    return isUuid(id) ? { id } : null;
  }

  @ResolveField()
  async file(
    @Parent() { id }: LogReference,
    @Context() context: GraphqlContext,
    @CurrentPrincipal() principal: Principal,
  ) {
    const file = await batchLoad(context, 'gateway.upload', id, (ids) => this.view.filesOf(principal, ids));
    if (file?.state !== 'STORED') return null;
    const { uploadId, fileName, sizeBytes, chunks, sha256 } = file;
    return { uploadId, name: fileName || null, sizeBytes, chunkCount: chunks, sha256 };
  }
}

@Resolver('StationFile')
@Allow('devices:read')
export class StationFileResolver {
  constructor(private readonly view: ViewUpload) {}

  // Whatever the station logged is in it, people too: not for who sees them masked.
  @ResolveField()
  @Allow('personal:read')
  async chunk(
    @Parent() { uploadId }: { uploadId: string },
    @Args('number') number: number,
    @CurrentPrincipal() principal: Principal,
  ): Promise<string> {
    return (await this.view.chunk(principal, uploadId, number)).toString('base64');
  }
}
