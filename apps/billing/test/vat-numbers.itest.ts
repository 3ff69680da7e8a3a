// Real: Postgres (own role, row-level security), gRPC, GraphQL, the guarded client. Played: VIES, by an HTTP server of the test.
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { billing } from '@kilowatch/contracts';
import { tenantId } from '@kilowatch/kernel';
import { ServiceRig } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { billingService } from '../src/billing.module.js';
import { configShape } from '../src/config.js';
import { anOperator, aDriver, OPERATOR } from './billing-rig.js';

const asked: string[] = [];
let says: { status: number; body: unknown } = { status: 200, body: {} };
let vies: Server;
let rig: ServiceRig;

beforeAll(async () => {
  vies = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.statusCode = says.status;
    response.end(JSON.stringify(says.body));
  });
  await new Promise<void>((resolve) => vies.listen(0, '127.0.0.1', resolve));
  rig = await ServiceRig.start({
    service: billingService,
    shape: configShape,
    env: {
      KW_SELLER_NAME: 'S',
      KW_SELLER_ADDRESS: 'A',
      KW_OCPP_GATEWAY_GRPC_URL: '127.0.0.1:1',
      KW_METERING_GRPC_URL: '127.0.0.1:1',
      KW_VAT_REGISTER: 'vies',
      KW_VIES_URL: `http://127.0.0.1:${(vies.address() as AddressInfo).port}`,
      KW_EGRESS_ALLOW: '127.0.0.0/8',
    },
  });
});
afterAll(async () => {
  await rig.close();
  vies.close();
});

function check(vatNumber: string, stationId: string = randomUUID()) {
  return rig
    .grpc(billing.BillingServiceClient)
    .checkVatNumber({ stationId, evseNumber: 1, vatNumber }, { tenant: tenantId('demo') });
}

interface Seen {
  readonly data?: {
    readonly vatNumberChecks: { readonly edges: { readonly node: { vatNumber: string } }[] };
  };
  readonly codes: string[];
}

const list = (by = OPERATOR): Promise<Seen> =>
  rig.graphql(
    by,
    '{ vatNumberChecks(first: 50) { edges { node { stationId vatNumber accepted reason register company { name city } } } } }',
  ) as Promise<Seen>;

describe('a VAT number that a driver typed', () => {
  it('is what the register says, with the company it names', async () => {
    says = {
      status: 200,
      body: { isValid: true, userError: 'VALID', name: 'ACME B.V.', address: 'Straat 1\n1015 CD Amsterdam' },
    };
    expect(await check('nl 123456789 b01')).toEqual({
      accepted: true,
      reasonCode: 'Registered',
      reason: 'The register knows the number.',
      company: {
        name: 'ACME B.V.',
        addressLine1: 'Straat 1',
        addressLine2: '',
        city: 'Amsterdam',
        postalCode: '1015 CD',
        country: 'NL',
      },
    });
    expect(asked).toEqual(['/ms/NL/vat/123456789B01']);
  });

  it('that the register knew is not asked about again the same day', async () => {
    const before = asked.length;
    expect(await check('NL123456789B01')).toMatchObject({
      reasonCode: 'Registered',
      company: { city: 'Amsterdam' },
    });
    expect(asked.length).toBe(before);
  });

  it.each([
    [{ status: 200, body: { isValid: false, userError: 'INVALID' } }, false, 'NotRegistered'],
    [{ status: 200, body: { isValid: false, userError: 'MS_UNAVAILABLE' } }, true, 'RegisterAway'],
    [{ status: 500, body: {} }, true, 'RegisterAway'],
    [{ status: 200, body: 'nonsense' }, true, 'RegisterAway'],
  ])('with the register saying %j: %s, %s', async (answer, accepted, reasonCode) => {
    says = answer;
    expect(await check('DE999999999')).toMatchObject({ accepted, reasonCode, company: undefined });
  });

  it('of a country without that register, or of no country, is judged by its form and asked of nobody', async () => {
    const before = asked.length;
    expect(await check('CHE123456789MWST')).toMatchObject({ accepted: true, reasonCode: 'FormatOnly' });
    expect(await check('nothing like it')).toMatchObject({ accepted: false, reasonCode: 'InvalidFormat' });
    expect(asked.length).toBe(before);
  });

  it('is shown once per place to the operators of the tenant, and to nobody else', async () => {
    says = { status: 200, body: { isValid: false, userError: 'INVALID' } };
    const stationId = randomUUID();
    await check('FR12123456789', stationId);
    await check('FR 12 123456789', stationId);
    const { data } = await list();
    const seen = data!.vatNumberChecks.edges.filter(({ node }) => node.vatNumber === 'FR12123456789');
    expect(seen).toMatchObject([
      { node: { stationId, accepted: false, reason: 'NotRegistered', register: 'VIES' } },
    ]);
    expect((await list(anOperator('other'))).data!.vatNumberChecks.edges).toEqual([]);
    expect((await list(aDriver())).codes).toEqual(['FORBIDDEN']);
  });
});
