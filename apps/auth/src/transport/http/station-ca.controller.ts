import { Controller, Get, Header, NotFoundException, StreamableFile } from '@nestjs/common';
import { StationCa } from '../../usecases/station-ca.js';

/** What others need of our authority: public by nature, on the internal port; whoever publishes it puts a proxy before these paths. */
@Controller()
export class StationCaController {
  constructor(private readonly ca: StationCa) {}

  @Get('station-ca.crl')
  @Header('content-type', 'application/pkix-crl')
  @Header('cache-control', 'public, max-age=300')
  async crl(): Promise<StreamableFile> {
    const der = await this.ca.crl();
    if (!der) throw new NotFoundException();
    return new StreamableFile(der);
  }

  @Get('station-ca.pem')
  @Header('content-type', 'application/x-pem-file')
  @Header('cache-control', 'public, max-age=300')
  async root(): Promise<string> {
    const roots = await this.ca.builtInRoots();
    if (roots.length === 0) throw new NotFoundException();
    return roots.join('');
  }
}
