import {
  Controller,
  Header,
  HttpCode,
  NotFoundException,
  Param,
  Post,
  Req,
  StreamableFile,
} from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { ContractPools } from '../../usecases/contract-pool/contract-pools.js';

/** A question about one certificate has some hundred bytes. */
const MOST_BYTES = 4_096;

/** The OCSP responder of a simulated contract pool, on the internal port; without such a pool there is none. */
@Controller()
export class SimulatedPoolController {
  constructor(private readonly pools: ContractPools) {}

  @Post('simulated-pool/:tenant/ocsp')
  @HttpCode(200)
  @Header('content-type', 'application/ocsp-response')
  async ocsp(@Param('tenant') tenant: string, @Req() request: IncomingMessage): Promise<StreamableFile> {
    const answer = await this.pools.ocsp(tenant, await bodyOf(request));
    if (!answer) throw new NotFoundException();
    return new StreamableFile(answer);
  }
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > MOST_BYTES) break;
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}
