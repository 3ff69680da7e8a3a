import { randomUUID, X509Certificate } from 'node:crypto';
import { auth, events, type ocppGateway, sessions } from '@kilowatch/contracts';
import { TestCa } from '@kilowatch/testing/test-pki';
import { DEMO, operator, type AuthRig } from './auth-rig.js';

/** Stations as the gateway, sessions and operators show them to auth. */
export class StationPlay {
  private generation = 0;
  private visits = 0;

  constructor(private readonly app: AuthRig) {}

  /** `again`: the station of that identity, when there is one. */
  async provision(
    identity: string,
    securityProfile: number,
    password: string,
    again = false,
    factoryCredentials = false,
  ): Promise<string> {
    const [held] = again
      ? await this.app.rig.sql<{ station_id: string }>(
          'select station_id from station_credential where identity = $1',
          [identity],
        )
      : [];
    const stationId = held?.station_id ?? randomUUID();
    const credential = {
      stationId,
      identity,
      securityProfile,
      password,
      allowMissingSubprotocol: false,
      factoryCredentials,
    };
    await this.app.service.setStationCredential(credential, DEMO);
    return stationId;
  }

  asks(stationId: string, csr: string, over: Partial<auth.RequestCertificateRequest> = {}) {
    const request = {
      stationId,
      csr,
      certificateType: 'ChargingStationCertificate',
      protocol: 'ocpp2.0.1',
      ...over,
    };
    return this.app.rig
      .grpc(auth.CertificateServiceClient)
      .requestCertificate(auth.RequestCertificateRequest.fromPartial(request), DEMO);
  }

  /** TLS proved that it has the key; no CA of the gateway vouches for it. */
  shows(identity: string, chain: string, over: Partial<auth.VerifyStationRequest> = {}) {
    const certificate = new X509Certificate(chain);
    const name: unknown = certificate.toLegacyObject().subject?.CN;
    return this.app.service.verifyStation(
      auth.VerifyStationRequest.fromPartial({
        identity,
        securityProfile: 3,
        remoteIp: '10.0.0.2',
        certificate: {
          der: certificate.raw,
          commonName: typeof name === 'string' ? name : '',
          verified: false,
          fault: 'client_certificate_untrusted',
        },
        ...over,
      }),
      DEMO,
    );
  }

  /** With Basic credentials, without TLS unless said otherwise. */
  comes(identity: string, password: string, over: Partial<auth.VerifyStationRequest> = {}) {
    return this.app.service.verifyStation(
      auth.VerifyStationRequest.fromPartial({
        identity,
        securityProfile: 1,
        username: Buffer.from(identity),
        password: Buffer.from(password),
        // Each from an address of its own: whoever tries a dead password is no guesser here.
        remoteIp: `10.1.${this.visits >> 8}.${(this.visits += 1) & 255}`,
        ...over,
      }),
      DEMO,
    );
  }

  /** An operator took it in. */
  isAccepted(stationId: string): Promise<string> {
    const station = sessions.Station.fromPartial({
      stationId,
      locationId: randomUUID(),
      registration: 'ACCEPTED',
    });
    const payload = sessions.StationChanged.fromPartial({ station });
    return this.app.rig.publish(events.stationChanged, { aggregateId: stationId, version: 2 }, payload);
  }

  async stationPart(stationId: string, fields: string): Promise<unknown> {
    return (await this.app.rig.entity(operator, 'Station', stationId, fields)).entity;
  }

  connects(stationId: string, over: Partial<ocppGateway.StationConnected>): Promise<string> {
    this.generation += 1;
    return this.app.rig.publish(
      events.stationConnected,
      { aggregateId: stationId, version: this.generation },
      {
        stationId,
        connectionId: randomUUID(),
        generation: this.generation,
        protocol: 'ocpp2.0.1',
        remoteIp: '10.0.0.2',
        securityProfile: 2,
        credentialId: 'password',
        ...over,
      },
    );
  }

  async connectsWith(stationId: string, chain: string): Promise<void> {
    const fingerprint = new X509Certificate(chain).fingerprint256.replaceAll(':', '').toLowerCase();
    await this.connects(stationId, { credentialId: `certificate:${fingerprint}`, securityProfile: 3 });
  }

  reportsSecurityEvent(stationId: string, kind: string): Promise<string> {
    const id = randomUUID();
    const payload = sessions.SecurityEventRecorded.fromPartial({ securityEventId: id, stationId, kind });
    return this.app.rig.publish(events.securityEventRecorded, { aggregateId: id, version: 1 }, payload);
  }

  async strangersCertificate(identity: string): Promise<string> {
    return (await (await TestCa.make('Somebody else')).issue({ name: identity })).cert;
  }

  async requestsOf(stationId: string): Promise<{ state: string; problem: string }[]> {
    const { data } = await this.app.rig.graphql<{
      _entities: { certificateRequests: { state: string; problem: string }[] }[];
    }>(
      operator,
      'query($r: [_Any!]!) { _entities(representations: $r) { ... on Station { certificateRequests { state problem } } } }',
      { r: [{ __typename: 'Station', id: stationId }] },
    );
    return data!._entities[0]!.certificateRequests;
  }

  async mutate(name: string, fields: string, input: object): Promise<unknown> {
    const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
    const { data, errors } = await this.app.rig.graphql<Record<string, unknown>>(
      operator,
      `mutation($input: ${type}!) { ${name}(input: $input) { ${fields} } }`,
      { input },
    );
    if (!data?.[name]) throw new Error(JSON.stringify(errors));
    return data[name];
  }
}
