import { Injectable } from '@nestjs/common';
import { setupFields, type SetupField } from '@kilowatch/ocpp';
import type { Principal } from '@kilowatch/platform';
import { KnownModels } from './known-models.js';
import { OfferUpload } from './offer-upload.js';

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'https:': 443, 'http:': 80 };

/** What an installer types into a station so that it finds us (Q6). */
@Injectable()
export class ViewSetup {
  constructor(
    private readonly models: KnownModels,
    private readonly address: OfferUpload,
  ) {}

  async fieldsOf({ tenant }: Principal, stationId: string, identity: string): Promise<SetupField[]> {
    const { protocol, hostname, port } = new URL(this.address.baseUrl());
    const number = port === '' ? (DEFAULT_PORTS[protocol] ?? 0) : Number(port);
    const { setup } = await this.models.of({ tenant, stationId });
    const address = { host: hostname, port: number, tls: protocol === 'https:' };
    return setupFields(address, tenant, identity, setup);
  }
}
