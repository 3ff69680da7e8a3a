import { Injectable } from '@nestjs/common';
import type { auth } from '@kilowatch/contracts';
import type { GrpcCall, GrpcImplementation } from '@kilowatch/platform';
import { AccountLinks } from '../../usecases/account-links.js';

@Injectable()
export class PeopleGrpc implements GrpcImplementation<typeof auth.PeopleServiceService> {
  constructor(private readonly links: AccountLinks) {}

  async getLink({ linkId }: auth.GetLinkRequest, call: GrpcCall): Promise<auth.GetLinkResponse> {
    return { token: await this.links.tokenOf(call.tenant, linkId) };
  }
}
