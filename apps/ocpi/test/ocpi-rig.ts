import { randomUUID } from 'node:crypto';
import { freePort, MockEmsp, ServiceRig, type OcpiAnswer, type TestPrincipal } from '@kilowatch/testing';
import { configShape } from '../src/config.js';
import { ocpiService } from '../src/ocpi.module.js';
import { Peers } from './peers.js';

export const operator: TestPrincipal = { accountId: randomUUID(), tenant: 'demo', role: 'operator' };
export const foreignOperator: TestPrincipal = { accountId: randomUUID(), tenant: 'other', role: 'operator' };
export const driver: TestPrincipal = { accountId: randomUUID(), tenant: 'demo', role: 'driver' };

export interface PartnerNode {
  readonly id: string;
  readonly state: string;
  readonly countryCode: string | null;
  readonly partyId: string | null;
  readonly version: string | null;
  readonly seesOwnFleet: boolean;
  readonly lastRequestAt: string | null;
}

type Seen = (schema: string, answer: OcpiAnswer) => void;

const PARTNER =
  'partner { id name state countryCode partyId version seesOwnFleet registeredAt lastRequestAt }';

/** The roaming edge on a real Postgres and NATS, sessions and billing played, partners by eMSPs of our own. */
export class OcpiRig {
  private readonly emsps: MockEmsp[] = [];

  private constructor(
    readonly rig: ServiceRig,
    readonly peers: Peers,
    /** Where partners reach us. */
    readonly base: string,
  ) {}

  static async start(): Promise<OcpiRig> {
    const peers = await Peers.start();
    const port = await freePort();
    const base = `http://127.0.0.1:${port}`;
    const rig = await ServiceRig.start({
      service: ocpiService,
      shape: configShape,
      env: {
        ...peers.env,
        KW_OCPI_PORT: String(port),
        KW_OCPI_PUBLIC_URL: `${base}/`,
        KW_OCPI_COUNTRY_CODE: 'NL',
        KW_OCPI_PARTY_ID: 'KWD',
        KW_OCPI_TOKEN_KEY: Buffer.alloc(32, 9).toString('base64'),
        KW_EGRESS_ALLOW: '127.0.0.1',
      },
    });
    return new OcpiRig(rig, peers, base);
  }

  async close(): Promise<void> {
    await Promise.all(this.emsps.map((emsp) => emsp.close()));
    await this.rig.close();
    await this.peers.close();
  }

  async anEmsp(): Promise<MockEmsp> {
    const emsp = await MockEmsp.start();
    this.emsps.push(emsp);
    return emsp;
  }

  async invite(principal: TestPrincipal, input: { name: string; seesOwnFleet?: boolean }) {
    interface Invited {
      inviteOcpiPartner: { partner: PartnerNode; versionsUrl: string; tokenA: string };
    }
    const { data, errors } = await this.rig.graphql<Invited>(
      principal,
      `mutation($input: InviteOcpiPartnerInput!) { inviteOcpiPartner(input: $input) { versionsUrl tokenA ${PARTNER} } }`,
      { input },
    );
    if (!data) throw new Error(JSON.stringify(errors));
    return data.inviteOcpiPartner;
  }

  registerWith(emsp: MockEmsp, principal = operator) {
    return this.rig.graphql<{ registerWithOcpiPartner: { partner: PartnerNode } }>(
      principal,
      `mutation($input: RegisterWithOcpiPartnerInput!) { registerWithOcpiPartner(input: $input) { ${PARTNER} } }`,
      { input: { name: 'Mock Mobility', versionsUrl: emsp.versionsUrl, tokenA: emsp.tokenA } },
    );
  }

  /** `mutation` that is told which partner, as operators call it. */
  ofPartner(mutation: string, partnerId: string, principal: TestPrincipal | null = operator) {
    const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input`;
    return this.rig.graphql<Record<string, { partner: PartnerNode }>>(
      principal,
      `mutation($input: ${type}!) { ${mutation}(input: $input) { ${PARTNER} } }`,
      { input: { partnerId } },
    );
  }

  async partners(principal = operator): Promise<PartnerNode[]> {
    interface Page {
      ocpiPartners: { edges: { node: PartnerNode }[] };
    }
    const { data } = await this.rig.graphql<Page>(
      principal,
      `{ ocpiPartners(first: 100) { edges { node {
        id state countryCode partyId version seesOwnFleet lastRequestAt } } } }`,
    );
    return data!.ocpiPartners.edges.map(({ node }) => node);
  }

  async partner(id: string): Promise<PartnerNode> {
    return (await this.partners()).find((partner) => partner.id === id)!;
  }

  /** A partner that has done the handshake as sender; `seen` gets each answer. */
  async aPartner(options: { seesOwnFleet?: boolean; principal?: TestPrincipal } = {}, seen: Seen = () => {}) {
    const emsp = await this.anEmsp();
    const { seesOwnFleet = false, principal = operator } = options;
    const invited = await this.invite(principal, { name: 'Mock Mobility', seesOwnFleet });
    const { tokenA, versionsUrl, partner } = invited;
    seen('CredentialsResponse', await emsp.register(versionsUrl, tokenA, seen));
    return { emsp, tokenA, partnerId: partner.id };
  }
}
