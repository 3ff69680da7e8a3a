// Real: Postgres (own role, row-level security), NATS JetStream, HTTP, gRPC, argon2, JWT. The peers are played by the rig.
import { randomUUID } from 'node:crypto';
import { auth } from '@kilowatch/contracts';
import { tenantId } from '@kilowatch/kernel';
import { TestCertificate } from '@kilowatch/testing/pki';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuthRig, DEMO } from './auth-rig.js';

/** Whose name is on it the gateway says. */
const STATION_CERTIFICATE = TestCertificate.root({ subject: 'CN=Station' });

let app: AuthRig;
beforeAll(async () => {
  app = await AuthRig.start();
});
afterAll(() => app.close());

describe('stations', () => {
  const attempt = (identity: string, password: string, over: Partial<auth.VerifyStationRequest> = {}) =>
    app.service.verifyStation(
      auth.VerifyStationRequest.fromPartial({
        identity,
        securityProfile: 1,
        username: Buffer.from(identity),
        password: Buffer.from(password),
        remoteIp: '10.0.0.1',
        ...over,
      }),
      DEMO,
    );
  const STATION_PASSWORD = 'station-password-1';
  const provision = async (identity: string, securityProfile: number, password = STATION_PASSWORD) => {
    const credential = {
      stationId: randomUUID(),
      identity,
      securityProfile,
      password,
      allowMissingSubprotocol: false,
    };
    await app.service.setStationCredential(credential, DEMO);
    return credential;
  };
  const noCredentials = { username: Buffer.alloc(0), password: Buffer.alloc(0) };

  it('are accepted with their password in any spelling of their identity, and not below their profile', async () => {
    const credential = await provision('CP-1', 1);
    const { stationId } = credential;
    await app.service.setStationCredential({ ...credential, password: '' }, DEMO);
    expect(await attempt('cp-1', STATION_PASSWORD)).toMatchObject({
      verdict: auth.StationVerdict.STATION_VERDICT_ACCEPTED,
      stationId,
      identity: 'CP-1',
    });
    expect((await attempt('CP-1', 'wrong-password-123')).verdict).toBe(
      auth.StationVerdict.STATION_VERDICT_BAD_CREDENTIALS,
    );
    expect((await attempt('CP-1', '', { securityProfile: 0, username: Buffer.alloc(0) })).verdict).toBe(
      auth.StationVerdict.STATION_VERDICT_PROFILE_MISMATCH,
    );
    expect((await attempt('CP-9', STATION_PASSWORD)).verdict).toBe(
      auth.StationVerdict.STATION_VERDICT_UNKNOWN_STATION,
    );
  });

  it('Q21: are told whether an operator has them pinged, once they are in', async () => {
    const credential = await provision('CP-Q21', 1);
    const set = (stationId: string, pinged?: boolean, tenant = DEMO) =>
      app.service.setStationPings({ stationId, pinged }, tenant);
    expect((await attempt('CP-Q21', STATION_PASSWORD)).pinged).toBeUndefined();
    await set(credential.stationId, false);
    expect((await attempt('CP-Q21', STATION_PASSWORD)).pinged).toBe(false);
    expect((await attempt('CP-Q21', 'wrong-password-123')).pinged).toBeUndefined();
    // Another import of the station leaves it.
    await app.service.setStationCredential({ ...credential, password: 'station-password-2' }, DEMO);
    expect((await attempt('CP-Q21', 'station-password-2')).pinged).toBe(false);
    await set(credential.stationId);
    expect((await attempt('CP-Q21', 'station-password-2')).pinged).toBeUndefined();
    await expect(set(randomUUID(), true)).rejects.toMatchObject({ kind: 'NOT_FOUND' });
    await expect(set(credential.stationId, true, { tenant: tenantId('other') })).rejects.toMatchObject({
      kind: 'NOT_FOUND',
    });
  });

  it('Q2: are told the order of subprotocols that an operator set for them, once they are in', async () => {
    const credential = await provision('CP-Q2', 1);
    const set = (stationId: string, subprotocols: string[], tenant = DEMO) =>
      app.service.setStationSubprotocols({ stationId, subprotocols }, tenant);
    expect((await attempt('CP-Q2', STATION_PASSWORD)).subprotocols).toEqual([]);
    await set(credential.stationId, ['ocpp1.6', 'ocpp2.0.1']);
    await set(credential.stationId, ['ocpp1.6', 'ocpp2.0.1']);
    expect((await attempt('CP-Q2', STATION_PASSWORD)).subprotocols).toEqual(['ocpp1.6', 'ocpp2.0.1']);
    expect((await attempt('CP-Q2', 'wrong-password-123')).subprotocols).toEqual([]);
    // Another import of the station leaves it.
    await app.service.setStationCredential({ ...credential, password: 'station-password-2' }, DEMO);
    expect((await attempt('CP-Q2', 'station-password-2')).subprotocols).toEqual(['ocpp1.6', 'ocpp2.0.1']);
    await set(credential.stationId, []);
    expect((await attempt('CP-Q2', 'station-password-2')).subprotocols).toEqual([]);
    await expect(set(credential.stationId, ['a,b'])).rejects.toMatchObject({ kind: 'INVALID' });
    await expect(set(randomUUID(), ['ocpp1.6'])).rejects.toMatchObject({ kind: 'NOT_FOUND' });
    await expect(set(credential.stationId, ['ocpp1.6'], { tenant: tenantId('other') })).rejects.toMatchObject(
      { kind: 'NOT_FOUND' },
    );
  });

  it('are limited when they guess, while the right password still works from its own address', async () => {
    await provision('CP-2', 1);
    for (let i = 0; i < 10; i += 1) await attempt('CP-2', `wrong-password-${i}`, { remoteIp: '10.0.0.66' });
    const limited = await attempt('CP-2', 'another-wrong-one', { remoteIp: '10.0.0.66' });
    expect(limited.verdict).toBe(auth.StationVerdict.STATION_VERDICT_RATE_LIMITED);
    expect(limited.retryAfterSeconds).toBeGreaterThan(0);
    expect((await attempt('CP-2', STATION_PASSWORD)).verdict).toBe(
      auth.StationVerdict.STATION_VERDICT_ACCEPTED,
    );
  });

  it('are limited when they guess all at once, too', async () => {
    await provision('CP-AT-ONCE', 1);
    const guesses = Array.from({ length: 40 }, (_, i) =>
      attempt('CP-AT-ONCE', `wrong-password-${i}`, { remoteIp: '10.0.0.67' }),
    );
    const verdicts = (await Promise.all(guesses)).map(({ verdict }) => verdict);
    expect(
      verdicts.filter((verdict) => verdict === auth.StationVerdict.STATION_VERDICT_BAD_CREDENTIALS),
    ).toHaveLength(10);
    expect(
      verdicts.filter((verdict) => verdict === auth.StationVerdict.STATION_VERDICT_RATE_LIMITED),
    ).toHaveLength(30);
  });

  it('that try name after name from one address are limited, whether anybody has that name or not', async () => {
    await provision('CP-4', 1);
    const from = { remoteIp: '10.0.8.8' };
    for (let i = 0; i < 100; i += 1)
      expect((await attempt(`CP-NAME-${i}`, 'some-password-123', from)).verdict).toBe(
        auth.StationVerdict.STATION_VERDICT_UNKNOWN_STATION,
      );
    for (const name of ['CP-NAME-100', 'CP-4'])
      expect((await attempt(name, 'some-password-123', from)).verdict).toBe(
        auth.StationVerdict.STATION_VERDICT_RATE_LIMITED,
      );
    expect((await attempt('CP-4', STATION_PASSWORD)).verdict).toBe(
      auth.StationVerdict.STATION_VERDICT_ACCEPTED,
    );
  });

  it.each([
    ['none', 0, { securityProfile: 0, ...noCredentials }],
    ['a password nobody asked for', 0, { securityProfile: 1 }],
    ['TLS nobody asked for', 0, { securityProfile: 2 }],
    ['a password', 1, { securityProfile: 1 }],
    ['a password and TLS nobody asked for', 1, { securityProfile: 2 }],
    ['a password over TLS', 2, { securityProfile: 2 }],
  ])('are accepted with %s when provisioned for profile %i', async (_what, profile, offered) => {
    const { identity, stationId } = await provision(`CP-UP-${randomUUID()}`, profile);
    // Twice: the second time the password is remembered.
    for (const _ of [1, 2]) {
      expect(await attempt(identity, STATION_PASSWORD, offered)).toMatchObject({
        verdict: auth.StationVerdict.STATION_VERDICT_ACCEPTED,
        stationId,
      });
    }
  });

  it('of profile 2 are refused over plain ws, before and after they came over TLS', async () => {
    const { identity } = await provision('CP-TLS', 2);
    const verdict = async (securityProfile: number) =>
      (await attempt(identity, STATION_PASSWORD, { securityProfile })).verdict;
    expect(await verdict(1)).toBe(auth.StationVerdict.STATION_VERDICT_PROFILE_MISMATCH);
    expect(await verdict(2)).toBe(auth.StationVerdict.STATION_VERDICT_ACCEPTED);
    expect(await verdict(1)).toBe(auth.StationVerdict.STATION_VERDICT_PROFILE_MISMATCH);
    expect((await attempt(identity, 'wrong-password-123', { securityProfile: 2 })).verdict).toBe(
      auth.StationVerdict.STATION_VERDICT_BAD_CREDENTIALS,
    );
  });

  it('may have a key of bytes that are no text (1.6 AuthorizationKey)', async () => {
    const key = Buffer.from('ff00c3283a80fe0a0d1122334455667788990001', 'hex');
    const credential = await provision('CP-BYTES', 2, `hex:${key.toString('hex')}`);
    await app.service.setStationCredential(credential, DEMO);
    const verdict = async (password: Buffer) =>
      (await attempt('CP-BYTES', '', { securityProfile: 2, password })).verdict;
    expect(await verdict(key)).toBe(auth.StationVerdict.STATION_VERDICT_ACCEPTED);
    const { StationVerdict } = auth;
    for (const wrong of [key.toString('utf8'), key.subarray(1), Buffer.alloc(20, 0xff)])
      expect(await verdict(Buffer.from(wrong))).toBe(StationVerdict.STATION_VERDICT_BAD_CREDENTIALS);
  });

  it.each([1, 2])('of profile %i need a password', async (securityProfile) => {
    await expect(provision(`CP-BARE-${securityProfile}`, securityProfile, '')).rejects.toMatchObject({
      code: 'AUTH_STATION_PASSWORD_MISSING',
    });
  });

  describe('with a certificate', () => {
    const { StationVerdict } = auth;
    const certificate = (commonName: string, verified = true) => ({
      securityProfile: 3,
      certificate: { der: Buffer.from(STATION_CERTIFICATE.der), commonName, verified, chain: [] },
    });
    const withCertificate = (identity: string, commonName = identity, over = {}) =>
      attempt(identity, '', { ...noCredentials, ...certificate(commonName), ...over });

    it('of profile 3 need no password, and are accepted when it names them in any spelling', async () => {
      const { identity, stationId } = await provision('CP-CERT-1', 3, '');
      expect(await withCertificate(identity, 'cp-cert-1')).toMatchObject({
        verdict: StationVerdict.STATION_VERDICT_ACCEPTED,
        stationId,
        securityProfile: 3,
      });
    });

    it('of another station are told so', async () => {
      await provision('CP-CERT-2', 3, '');
      await provision('CP-CERT-3', 3, '');
      const { verdict, tenant } = await withCertificate('CP-CERT-2', 'CP-CERT-3');
      expect([verdict, tenant]).toEqual([StationVerdict.STATION_VERDICT_CERTIFICATE_WRONG_NAME, '']);
      expect((await withCertificate('CP-CERT-2', '')).verdict).toBe(
        StationVerdict.STATION_VERDICT_CERTIFICATE_WRONG_NAME,
      );
    });

    it.each([
      ['a password over TLS', { securityProfile: 2 }],
      ['a password alone', { securityProfile: 1 }],
      ['nothing', { securityProfile: 0, ...noCredentials }],
      ['a claim of profile 3 without a certificate', { securityProfile: 3 }],
    ])('of profile 3 never get in with %s, though they have a password', async (_what, offered) => {
      const { identity } = await provision(`CP-CERT-4-${randomUUID()}`, 3);
      expect((await attempt(identity, STATION_PASSWORD, offered)).verdict).toBe(
        StationVerdict.STATION_VERDICT_PROFILE_MISMATCH,
      );
    });

    it('of profile 3 never get in with a certificate that nobody vouches for, though they have a password', async () => {
      const { identity } = await provision('CP-CERT-7', 3);
      expect((await attempt(identity, STATION_PASSWORD, certificate(identity, false))).verdict).toBe(
        StationVerdict.STATION_VERDICT_CERTIFICATE_UNTRUSTED,
      );
    });

    it('are judged by their password below profile 3, whatever the certificate says', async () => {
      const { identity } = await provision('CP-CERT-5', 2);
      for (const _ of [1, 2]) {
        expect(await attempt(identity, STATION_PASSWORD, certificate('somebody else'))).toMatchObject({
          verdict: StationVerdict.STATION_VERDICT_ACCEPTED,
          securityProfile: 2,
        });
      }
      const wrong = await attempt(identity, 'wrong-password-123', certificate(identity));
      expect(wrong.verdict).toBe(StationVerdict.STATION_VERDICT_BAD_CREDENTIALS);
      const none = await attempt(identity, '', { ...noCredentials, ...certificate(identity) });
      expect(none.verdict).toBe(StationVerdict.STATION_VERDICT_PROFILE_MISMATCH);
    });

    it('get in while others guess from their address, who are limited', async () => {
      await provision('CP-CERT-6', 3, '');
      const from = { remoteIp: '10.0.0.77' };
      for (let i = 0; i < 10; i += 1) await withCertificate('CP-CERT-6', `guess-${i}`, from);
      expect((await withCertificate('CP-CERT-6', 'guess', from)).verdict).toBe(
        StationVerdict.STATION_VERDICT_RATE_LIMITED,
      );
      expect((await withCertificate('CP-CERT-6', 'CP-CERT-6', from)).verdict).toBe(
        StationVerdict.STATION_VERDICT_ACCEPTED,
      );
    });

    it('that nobody knows are unknown', async () => {
      expect((await withCertificate('CP-NOBODY')).verdict).toBe(
        StationVerdict.STATION_VERDICT_UNKNOWN_STATION,
      );
    });
  });

  it('cannot share an identity', async () => {
    const credential = await provision('CP-3', 0, '');
    await expect(
      app.service.setStationCredential({ ...credential, stationId: randomUUID(), identity: 'cp-3' }, DEMO),
    ).rejects.toMatchObject({ kind: 'CONFLICT', code: 'AUTH_STATION_IDENTITY_TAKEN' });
  });
});
