// Real: Postgres, NATS JetStream, gRPC, GraphQL, argon2. Played: the gateway with its stations, which answer as each test says.
import { auth, ocppGateway } from '@kilowatch/contracts';
import { certificateId, readCertificatesPem } from '@kilowatch/trust';
import { waitFor } from '@kilowatch/testing';
import { newKey, signingRequest, TestCertificate } from '@kilowatch/testing/pki';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AuthRig, operator } from './auth-rig.js';
import { answered, PlayedCommands } from './played-commands.js';
import { StationPlay } from './station-play.js';

const { StationVerdict } = auth;
const PASSWORD = 'station-password-1';
const ORGANISATION = 'Kilowatch Demo';
const TLS_URL = 'wss://ocpp.example.org:9443/ocpp';
const MTLS_URL = 'wss://ocpp.example.org:9444/ocpp';

let commands: PlayedCommands;
let app: AuthRig;
let play: StationPlay;
beforeAll(async () => {
  commands = await PlayedCommands.start();
  app = await AuthRig.start({
    ...commands.env,
    KW_STATION_CERTIFICATES: JSON.stringify({ '*': { organisation: ORGANISATION } }),
    KW_OCPP_TLS_URL: TLS_URL,
    KW_OCPP_MTLS_URL: MTLS_URL,
  });
  play = new StationPlay(app);
});
afterEach(() => commands.reset());
afterAll(async () => {
  await app.close();
  await commands.close();
});

const { CommandOutcome } = ocppGateway;
type Sent = ocppGateway.SendRequest;
const payloadOf = ({ raw }: Sent) => JSON.parse(raw?.payloadJson ?? '{}') as Record<string, unknown>;
const actionsTo = (stationId: string) =>
  commands
    .sentTo(stationId)
    .map(
      (sent) =>
        sent.raw?.action ?? Object.keys(sent).find((key) => COMMANDS.has(key) && sent[key as keyof Sent]),
    );
const COMMANDS = new Set([
  'triggerMessage',
  'certificateSigned',
  'getInstalledCertificates',
  'installCertificate',
  'deleteCertificate',
  'reset',
]);

function passwordIn(sent: Sent): string {
  const payload = payloadOf(sent);
  if (sent.raw?.action === 'ChangeConfiguration')
    return Buffer.from(String(payload['value']), 'hex').toString();
  return (payload['setVariableData'] as { attributeValue: string }[])[0]!.attributeValue;
}

const setVariables = (status: string) => ({
  ...answered(status),
  payloadJson: JSON.stringify({
    setVariableResult: [
      {
        attributeStatus: status,
        component: { name: 'OCPPCommCtrlr' },
        variable: { name: 'NetworkConfigurationPriority' },
      },
    ],
  }),
});

async function seen(identity: string, protocol: string): Promise<string> {
  const stationId = await play.provision(identity, 1, PASSWORD);
  await play.connects(stationId, { protocol, securityProfile: 1 });
  await waitFor('the arrival', async () => {
    const sql = 'select protocol from station_credential where station_id = $1';
    return (await app.rig.sql<{ protocol: string }>(sql, [stationId]))[0]?.protocol === protocol;
  });
  return stationId;
}

describe('a new password', () => {
  const rotate = (stationId: string) =>
    play.mutate('rotateStationPassword', 'outcome status', { stationId }) as Promise<{ outcome: string }>;

  it.each(['ocpp1.6', 'ocpp2.0.1'])(
    'A01: over %s both count until the station comes with the new one, which then counts alone',
    async (protocol) => {
      const identity = `CS-PW-${protocol}`;
      const stationId = await seen(identity, protocol);
      expect(await rotate(stationId)).toEqual({ outcome: 'CHANGED', status: 'Accepted' });
      const [sent] = commands.sentTo(stationId);
      expect(sent!.raw!.action).toBe(protocol === 'ocpp1.6' ? 'ChangeConfiguration' : 'SetVariables');
      const fresh = passwordIn(sent!);
      expect(fresh).toMatch(/^[A-Za-z0-9]{20,40}$/);
      for (const password of [PASSWORD, fresh])
        expect((await play.comes(identity, password)).verdict).toBe(StationVerdict.STATION_VERDICT_ACCEPTED);
      const { credentialId } = await play.comes(identity, fresh);
      await play.connects(stationId, { protocol, securityProfile: 1, credentialId });
      await waitFor('the old one dead', async () => {
        const { verdict } = await play.comes(identity, PASSWORD);
        return verdict === StationVerdict.STATION_VERDICT_BAD_CREDENTIALS;
      });
      expect((await play.comes(identity, fresh)).verdict).toBe(StationVerdict.STATION_VERDICT_ACCEPTED);
    },
  );

  it('1.6: is taken as the bytes it stands for, and as it is written in the configuration', async () => {
    const stationId = await seen('CS-PW-HEX', 'ocpp1.6');
    await rotate(stationId);
    const fresh = passwordIn(commands.sentTo(stationId)[0]!);
    for (const password of [fresh, Buffer.from(fresh).toString('hex')])
      expect((await play.comes('CS-PW-HEX', password)).verdict).toBe(StationVerdict.STATION_VERDICT_ACCEPTED);
  });

  it('that the station does not take is none: the old one stays, alone', async () => {
    const stationId = await seen('CS-PW-NO', 'ocpp1.6');
    commands.answer = () => answered('Rejected');
    expect(await rotate(stationId)).toMatchObject({ outcome: 'KEPT' });
    const refused = passwordIn(commands.sentTo(stationId)[0]!);
    expect((await play.comes('CS-PW-NO', PASSWORD)).verdict).toBe(StationVerdict.STATION_VERDICT_ACCEPTED);
    expect((await play.comes('CS-PW-NO', refused)).verdict).toBe(
      StationVerdict.STATION_VERDICT_BAD_CREDENTIALS,
    );
  });

  it('that the station did not answer to may be in force: both count', async () => {
    const stationId = await seen('CS-PW-UNSURE', 'ocpp1.6');
    commands.answer = () => ({ outcome: 5 });
    expect(await rotate(stationId)).toMatchObject({ outcome: 'UNSURE' });
    for (const password of [PASSWORD, passwordIn(commands.sentTo(stationId)[0]!)])
      expect((await play.comes('CS-PW-UNSURE', password)).verdict).toBe(
        StationVerdict.STATION_VERDICT_ACCEPTED,
      );
  });

  it('is in no column but as a hash, and in no audit entry', async () => {
    const stationId = await seen('CS-PW-SECRET', 'ocpp2.0.1');
    await rotate(stationId);
    const fresh = passwordIn(commands.sentTo(stationId)[0]!);
    const rows = await app.rig.sql(
      `select to_jsonb(c)::text as row from station_credential c where station_id = $1
        union all select to_jsonb(a)::text from audit_entry a where target_id = $1::text`,
      [stationId],
    );
    expect(rows.length).toBeGreaterThan(1);
    expect(JSON.stringify(rows)).not.toContain(fresh);
  });
});

describe('credentials of the factory', () => {
  it('S9, A00.FR.805 ff.: hold a station pending until somebody takes it in; then they are replaced', async () => {
    const stationId = await play.provision('CS-FACTORY', 1, PASSWORD, false, true);
    expect(await play.comes('CS-FACTORY', PASSWORD)).toMatchObject({ provisional: true });
    await play.connects(stationId, { protocol: 'ocpp2.0.1', securityProfile: 1 });
    await play.isAccepted(stationId);
    const sent = await waitFor('the new password', () => commands.sentTo(stationId)[0]);
    const { credentialId, provisional } = await waitFor('it taken', async () => {
      const answer = await play.comes('CS-FACTORY', passwordIn(sent));
      return answer.verdict === StationVerdict.STATION_VERDICT_ACCEPTED ? answer : undefined;
    });
    expect(provisional).toBe(true);
    await play.connects(stationId, { protocol: 'ocpp2.0.1', securityProfile: 1, credentialId });
    await waitFor('it no factory’s any more', async () => {
      return !(await play.comes('CS-FACTORY', passwordIn(sent))).provisional;
    });
    expect((await play.comes('CS-FACTORY', PASSWORD)).verdict).toBe(
      StationVerdict.STATION_VERDICT_BAD_CREDENTIALS,
    );
    expect(commands.sentTo(stationId)).toHaveLength(1);
  });
});

describe('an upgrade of the security profile', () => {
  const root = TestCertificate.root({ subject: 'CN=CSMS Root' });
  const held = certificateId(readCertificatesPem(root.pem)[0]!, readCertificatesPem(root.pem)[0]!, 'SHA256');
  const FIELDS = 'upgrade { id state step fromProfile toProfile }';
  const upgrade = (stationId: string, toProfile: number) =>
    play.mutate('upgradeStationSecurity', FIELDS, { stationId, toProfile });
  const stateOf = (stationId: string) =>
    play.stationPart(stationId, 'securityUpgrade { state step problem }');

  /** A 2.x station that holds the root, has its priority in slot 1 and takes all. */
  function stationTakes(refuses: string | undefined = undefined) {
    commands.answer = (sent) => {
      if (sent.getInstalledCertificates)
        return answered('Accepted', {
          status: 'Accepted',
          certificateHashDataChain: [{ certificateType: 'CSMSRootCertificate', certificateHashData: held }],
        });
      const action = sent.raw?.action ?? '';
      if (action === refuses)
        return action === 'SetVariables' ? setVariables('Rejected') : answered('Rejected');
      if (action === 'GetVariables')
        return answered('Accepted', {
          getVariableResult: [
            {
              attributeStatus: 'Accepted',
              attributeValue: '1',
              component: { name: 'OCPPCommCtrlr' },
              variable: { name: 'NetworkConfigurationPriority' },
            },
          ],
        });
      return action === 'SetVariables' ? setVariables('Accepted') : answered('Accepted');
    };
  }

  async function withRoot(identity: string): Promise<string> {
    const stationId = await seen(identity, 'ocpp2.0.1');
    stationTakes();
    await play.mutate('wantStationRoot', 'root { id }', {
      purpose: 'CSMSRootCertificate',
      certificate: root.pem,
      stationId,
    });
    await waitFor('the root seen', async () => {
      const part = await play.stationPart(stationId, 'installedRoots { purpose }');
      return (part as { installedRoots: unknown[] }).installedRoots.length === 1;
    });
    commands.sent = [];
    return stationId;
  }

  it('names all that is missing, and does not begin', async () => {
    const stationId = await seen('CS-UP-MISSING', 'ocpp2.0.1');
    await expect(upgrade(stationId, 3)).rejects.toThrow(/CSMS_ROOT/);
    expect(commands.sentTo(stationId)).toEqual([]);
    expect(await play.stationPart(stationId, 'upgradePrerequisites(toProfile: 3) { code }')).toEqual({
      upgradePrerequisites: [{ code: 'CSMS_ROOT' }],
    });
  });

  it('A05: leads from 1 to 2 to 3: network profile, priority, reset, the certificate over TLS; afterwards nothing lower is taken', async () => {
    const identity = 'CS-UP';
    const stationId = await withRoot(identity);
    await upgrade(stationId, 3);
    await waitFor('the reset', () => commands.sentTo(stationId).some(({ reset }) => reset));
    const profiles = () =>
      commands
        .sentTo(stationId)
        .flatMap((sent) => (sent.raw?.action === 'SetNetworkProfile' ? [payloadOf(sent)] : []));
    expect(profiles()).toMatchObject([
      {
        configurationSlot: 2,
        connectionData: { ocppCsmsUrl: TLS_URL, securityProfile: 2, ocppTransport: 'JSON' },
      },
    ]);
    // Until it comes over TLS, the way it came before is open.
    expect((await play.comes(identity, PASSWORD)).verdict).toBe(StationVerdict.STATION_VERDICT_ACCEPTED);
    await play.connects(stationId, { securityProfile: 2 });
    await waitFor('the trigger', () =>
      commands.sentTo(stationId).some(({ triggerMessage }) => triggerMessage),
    );
    const csr = signingRequest({ subject: `O=${ORGANISATION}, CN=${identity}`, key: newKey('P-256') });
    await play.asks(stationId, csr);
    const chain = await waitFor(
      'the certificate',
      () =>
        commands.sentTo(stationId).find(({ certificateSigned }) => certificateSigned)?.certificateSigned
          ?.chain,
    );
    await app.rig.sql('update security_upgrade set due_at = now() where station_id = $1', [stationId]);
    await waitFor('the second profile', () => profiles().length === 2);
    expect(profiles()[1]).toMatchObject({ connectionData: { ocppCsmsUrl: MTLS_URL, securityProfile: 3 } });
    await waitFor(
      'the second reset',
      () => commands.sentTo(stationId).filter(({ reset }) => reset).length === 2,
    );
    expect(await play.shows(identity, chain)).toMatchObject({
      verdict: StationVerdict.STATION_VERDICT_ACCEPTED,
      securityProfile: 3,
    });
    await play.connectsWith(stationId, chain);
    await waitFor('the end', async () => {
      const part = (await stateOf(stationId)) as { securityUpgrade: { state: string } };
      return part.securityUpgrade.state === 'DONE';
    });
    expect((await play.comes(identity, PASSWORD)).verdict).toBe(
      StationVerdict.STATION_VERDICT_PROFILE_MISMATCH,
    );
    const overTls = await play.comes(identity, PASSWORD, { securityProfile: 2 });
    expect(overTls.verdict).toBe(StationVerdict.STATION_VERDICT_PROFILE_MISMATCH);
    expect((await play.shows(identity, chain)).verdict).toBe(StationVerdict.STATION_VERDICT_ACCEPTED);
  });

  it('that the station refuses is put back, and the station comes in as before', async () => {
    const stationId = await withRoot('CS-UP-NO');
    stationTakes('SetVariables');
    await upgrade(stationId, 2);
    const part = await waitFor('the end', async () => {
      const { securityUpgrade } = (await stateOf(stationId)) as {
        securityUpgrade: { state: string; problem: string };
      };
      return securityUpgrade.state === 'RUNNING' ? undefined : securityUpgrade;
    });
    expect(part.problem).toContain('NetworkConfigurationPriority');
    expect((await play.comes('CS-UP-NO', PASSWORD)).verdict).toBe(StationVerdict.STATION_VERDICT_ACCEPTED);
  });

  it('from which the station is not back in time is rolled back: the former priority is set again', async () => {
    const stationId = await withRoot('CS-UP-LOST');
    await upgrade(stationId, 2);
    await waitFor('the waiting', async () => {
      return (
        ((await stateOf(stationId)) as { securityUpgrade: { step: string } }).securityUpgrade.step === 'AWAIT'
      );
    });
    await waitFor('the end', async () => {
      // Each time: a step that was under way writes its own.
      await app.rig.sql(
        `update security_upgrade set deadline_at = now() - interval '1 s', due_at = now()
          where station_id = $1 and state = 'RUNNING' and step = 'AWAIT'`,
        [stationId],
      );
      return (
        ((await stateOf(stationId)) as { securityUpgrade: { state: string } }).securityUpgrade.state ===
        'ROLLED_BACK'
      );
    });
    const written = commands
      .sentTo(stationId)
      .flatMap((sent) => (sent.raw?.action === 'SetVariables' ? [JSON.stringify(payloadOf(sent))] : []));
    expect(written).toHaveLength(2);
    expect(written[0]).toContain('"2,1"');
    expect(written[1]).toContain('"attributeValue":"1"');
  });

  it('runs once at a time', async () => {
    const stationId = await withRoot('CS-UP-TWICE');
    await upgrade(stationId, 2);
    await expect(upgrade(stationId, 2)).rejects.toThrow(/CONFLICT/);
  });

  it('a lower profile is taken again only when a person allows it, with a reason that is kept', async () => {
    const stationId = await seen('CS-DOWN', 'ocpp2.0.1');
    await play.connects(stationId, { securityProfile: 2 });
    await waitFor('the ratchet', async () => {
      return (
        (await play.comes('CS-DOWN', PASSWORD)).verdict === StationVerdict.STATION_VERDICT_PROFILE_DOWNGRADE
      );
    });
    await expect(play.provision('CS-DOWN', 1, PASSWORD, true)).rejects.toMatchObject({
      code: 'AUTH_PROFILE_DOWNGRADE',
    });
    const input = { stationId, profile: 1, reason: 'the controller was replaced' };
    await play.mutate('allowLowerSecurityProfile', 'station { id }', input);
    expect((await play.comes('CS-DOWN', PASSWORD)).verdict).toBe(StationVerdict.STATION_VERDICT_ACCEPTED);
    const audit = await app.rig.sql(
      `select reason from audit_entry where action = 'station.lower_profile_allowed'`,
    );
    expect(audit).toEqual([{ reason: 'the controller was replaced' }]);
  });
});

describe('roots of stations', () => {
  const root = TestCertificate.root({ subject: 'CN=V2G Root' });
  const other = TestCertificate.root({ subject: 'CN=Other CSMS Root' });
  const hashOf = ({ pem }: TestCertificate, algorithm: 'SHA256' | 'SHA512' = 'SHA512') => {
    const certificate = readCertificatesPem(pem)[0]!;
    return certificateId(certificate, certificate, algorithm);
  };

  it('M05: are installed where they are missing, by the hashes that the station chose, and not again', async () => {
    const stationId = await seen('CS-ROOT', 'ocpp2.0.1');
    const holds: object[] = [];
    commands.answer = (sent) => {
      if (sent.installCertificate)
        holds.push({ certificateType: 'V2GRootCertificate', certificateHashData: hashOf(root) });
      return answered('Accepted', { status: 'Accepted', certificateHashDataChain: holds });
    };
    const wish = { purpose: 'V2GRootCertificate', certificate: root.pem, stationId };
    await play.mutate('wantStationRoot', 'root { id }', wish);
    await waitFor('it held', async () => {
      const part = (await play.stationPart(stationId, 'installedRoots { purpose }')) as {
        installedRoots: object[];
      };
      return part.installedRoots.length === 1;
    });
    await play.mutate('wantStationRoot', 'root { id }', wish);
    await app.rig.sql('update root_look set due_at = now() where station_id = $1', [stationId]);
    await waitFor(
      'another look',
      () => actionsTo(stationId).filter((one) => one === 'getInstalledCertificates').length >= 3,
    );
    expect(actionsTo(stationId).filter((one) => one === 'installCertificate')).toHaveLength(1);
  });

  it('M03: a station that does not answer is asked again after a minute, and then less and less often', async () => {
    const stationId = await seen('CS-ROOT-SILENT', 'ocpp2.0.1');
    commands.answer = () => ({ outcome: CommandOutcome.COMMAND_OUTCOME_UNKNOWN });
    await play.mutate('wantStationRoot', 'root { id }', {
      purpose: 'V2GRootCertificate',
      certificate: root.pem,
      stationId,
    });
    const waits = async (attempts: number) =>
      waitFor(`look ${attempts}`, async () => {
        const [row] = await app.rig.sql<{ seconds: number }>(
          `select extract(epoch from due_at - looked_at)::float8 as seconds from root_look
            where station_id = $1 and attempts = $2 and looked_at is not null`,
          [stationId, attempts],
        );
        return row?.seconds;
      });
    expect(await waits(1)).toBe(60);
    await app.rig.sql('update root_look set due_at = now() where station_id = $1', [stationId]);
    expect(await waits(2)).toBe(240);
    await app.rig.sql('update root_look set due_at = now() where station_id = $1', [stationId]);
    expect(await waits(3)).toBe(960);
    // Given up after days; the station comes back.
    await app.rig.sql('update root_look set due_at = null, attempts = 13 where station_id = $1', [stationId]);
    await play.connects(stationId, { protocol: 'ocpp2.0.1', securityProfile: 1 });
    expect(await waits(1)).toBe(60);
  });

  it('C10: a CSMS root that the old one has not signed is not sent where the station checks that', async () => {
    const stationId = await seen('CS-ROOT-CHECK', 'ocpp2.0.1');
    const old = TestCertificate.root({ subject: 'CN=Old CSMS Root' });
    commands.answer = (sent) => {
      if (sent.raw?.action === 'GetVariables')
        return answered('Accepted', {
          getVariableResult: [
            {
              attributeStatus: 'Accepted',
              attributeValue: 'true',
              component: { name: 'SecurityCtrlr' },
              variable: { name: 'AdditionalRootCertificateCheck' },
            },
          ],
        });
      return answered('Accepted', {
        status: 'Accepted',
        certificateHashDataChain: [
          { certificateType: 'CSMSRootCertificate', certificateHashData: hashOf(old) },
        ],
      });
    };
    const want = (certificate: string) =>
      play.mutate('wantStationRoot', 'root { id }', {
        purpose: 'CSMSRootCertificate',
        certificate,
        stationId,
      });
    await want(old.pem);
    await want(other.pem);
    await waitFor('the problem', async () => {
      const [row] = await app.rig.sql<{ problem: string }>(
        'select problem from root_look where station_id = $1',
        [stationId],
      );
      return row!.problem.includes('AdditionalRootCertificateCheck');
    });
    expect(actionsTo(stationId)).not.toContain('installCertificate');
  });

  it('M04: are deleted by the hashes the station reported, and never the last CSMS root unless forced', async () => {
    const stationId = await seen('CS-ROOT-DELETE', 'ocpp2.0.1');
    const hash = hashOf(other, 'SHA256');
    commands.answer = () =>
      answered('Accepted', {
        status: 'Accepted',
        certificateHashDataChain: [{ certificateType: 'CSMSRootCertificate', certificateHashData: hash }],
      });
    const wish = { purpose: 'CSMSRootCertificate', certificate: other.pem, stationId };
    await play.mutate('wantStationRoot', 'root { id }', wish);
    await waitFor('it seen', async () => {
      const part = (await play.stationPart(stationId, 'installedRoots { purpose }')) as {
        installedRoots: object[];
      };
      return part.installedRoots.length === 1;
    });
    const { issuerKeyHash, serialNumber } = hash;
    const input = { stationId, purpose: 'CSMSRootCertificate', issuerKeyHash, serialNumber };
    await expect(play.mutate('deleteStationRoot', 'removed', input)).rejects.toThrow(/last CSMS root/);
    expect(actionsTo(stationId)).not.toContain('deleteCertificate');
    expect(await play.mutate('deleteStationRoot', 'removed status', { ...input, force: true })).toEqual({
      removed: true,
      status: 'Accepted',
    });
    const sent = commands.sentTo(stationId).find(({ deleteCertificate }) => deleteCertificate);
    expect(sent!.deleteCertificate).toMatchObject({ ...hash });
    expect(await play.stationPart(stationId, 'installedRoots { purpose }')).toEqual({ installedRoots: [] });
  });

  it('M04: the last CSMS root is the one the station has left now, whatever it had when it was last looked at', async () => {
    const stationId = await seen('CS-ROOT-LOST', 'ocpp2.0.1');
    let held = [hashOf(other, 'SHA256'), hashOf(root, 'SHA256')];
    commands.answer = () =>
      answered('Accepted', {
        status: 'Accepted',
        certificateHashDataChain: held.map((certificateHashData) => ({
          certificateType: 'CSMSRootCertificate',
          certificateHashData,
        })),
      });
    const wish = { purpose: 'CSMSRootCertificate', certificate: other.pem, stationId };
    await play.mutate('wantStationRoot', 'root { id }', wish);
    const count = async () => {
      const part = await play.stationPart(stationId, 'installedRoots { purpose }');
      return (part as { installedRoots: object[] }).installedRoots.length;
    };
    await waitFor('both seen', async () => (await count()) === 2);
    held = held.slice(0, 1);
    const { issuerKeyHash, serialNumber } = held[0]!;
    const input = { stationId, purpose: 'CSMSRootCertificate', issuerKeyHash, serialNumber };
    await expect(play.mutate('deleteStationRoot', 'removed', input)).rejects.toThrow(/last CSMS root/);
    expect(await count()).toBe(1);
    expect(actionsTo(stationId)).not.toContain('deleteCertificate');
  });

  it.each([
    ['a leaf', () => root.issue({ subject: 'CN=leaf' }).pem],
    ['an expired one', () => TestCertificate.root({ subject: 'CN=Old', from: -10, to: -1 }).pem],
  ])('%s is no root to be wanted', async (_what, make) => {
    const input = { purpose: 'V2GRootCertificate', certificate: make() };
    await expect(play.mutate('wantStationRoot', 'root { id }', input)).rejects.toThrow(/BAD_USER_INPUT/);
  });
});

describe('drivers', () => {
  it('see nothing of the security of a station', async () => {
    const stationId = await seen('CS-DRIVER', 'ocpp2.0.1');
    const driver = { ...operator, role: 'driver' as const };
    const { entity } = await app.rig.entity(
      driver,
      'Station',
      stationId,
      'certificateRequests { id } installedRoots { purpose } securityUpgrade { id }',
    );
    expect(entity).toEqual({ certificateRequests: null, installedRoots: null, securityUpgrade: null });
    const { codes } = await app.rig.graphql(
      driver,
      'mutation($input: RotateStationPasswordInput!) { rotateStationPassword(input: $input) { outcome } }',
      {
        input: { stationId },
      },
    );
    expect(codes).toEqual(['FORBIDDEN']);
  });
});

describe('a new password over 2.1', () => {
  const CURRENT: Readonly<Record<string, string>> = {
    OcppCsmsUrl: 'wss://ocpp.example.org/ocpp',
    OcppInterface: 'Wired0',
    OcppTransport: 'JSON',
    MessageTimeout: '30',
    SecurityProfile: '1',
    ApnEnabled: 'false',
    VpnEnabled: 'false',
  };
  type Asked = { component: { name: string; instance?: string }; variable: { name: string } };
  type Answers = Partial<ReturnType<typeof answered>>;

  /** A station with profiles in its slots 1 and 0; what it is told is answered by `over`, by the name of the action. */
  class ProfiledStation {
    priority = '1,0';
    readonly writes: string[] = [];
    constructor(readonly over: Readonly<Record<string, (value: string) => Answers | undefined>> = {}) {}

    answer = (sent: Sent): Answers => {
      const { raw } = sent;
      if (!raw) return this.over['reset']?.('') ?? answered('Accepted');
      const payload = payloadOf(sent);
      if (raw.action === 'GetVariables')
        return answered('Accepted', {
          getVariableResult: (payload['getVariableData'] as Asked[]).map((asked) => this.value(asked)),
        });
      if (raw.action !== 'SetVariables') return this.over[raw.action]?.('') ?? answered('Accepted');
      const value = (payload['setVariableData'] as { attributeValue: string }[])[0]!.attributeValue;
      const refused = this.over['SetVariables']?.(value);
      if (refused) return refused;
      this.writes.push(value);
      this.priority = value;
      return setVariables('Accepted');
    };

    private value({ component, variable }: Asked) {
      const isPriority = variable.name === 'NetworkConfigurationPriority';
      const known = isPriority || (component.name === 'NetworkConfiguration' && component.instance === '1');
      const attributeValue = isPriority ? this.priority : CURRENT[variable.name];
      return known && attributeValue !== undefined
        ? { attributeStatus: 'Accepted', attributeValue, component, variable }
        : { attributeStatus: 'UnknownVariable', component, variable };
    }
  }

  const rotate = (stationId: string) =>
    play.mutate('rotateStationPassword', 'outcome status', { stationId }) as Promise<{ outcome: string }>;
  /** Without what a job asks of a station that has just come. */
  const toldTo = (stationId: string) =>
    actionsTo(stationId).filter((action) => action !== 'getInstalledCertificates');
  const passwordTold = (stationId: string): string => {
    const sent = commands.sentTo(stationId).find(({ raw }) => raw?.action === 'SetNetworkProfile');
    return (payloadOf(sent!)['connectionData'] as { basicAuthPassword: string }).basicAuthPassword;
  };
  const dayPasses = (stationId: string) =>
    app.rig.sql(
      `update station_credential set pending_since = pending_since - interval '24 hours',
          restore_due_at = restore_due_at - interval '24 hours' where station_id = $1`,
      [stationId],
    );
  const verdict = async (identity: string, password: string) =>
    (await play.comes(identity, password)).verdict;
  const { STATION_VERDICT_ACCEPTED: LET_IN, STATION_VERDICT_BAD_CREDENTIALS: BAD } = StationVerdict;

  it('S5: goes with a profile beside the one in use, which the station boots into', async () => {
    const stationId = await seen('CS-NET', 'ocpp2.1');
    const station = new ProfiledStation();
    commands.answer = station.answer;
    expect(await rotate(stationId)).toMatchObject({ outcome: 'CHANGED' });
    expect(toldTo(stationId)).toEqual([
      ...['GetVariables', 'GetVariables', 'SetNetworkProfile', 'SetVariables', 'reset'],
    ]);
    const fresh = passwordTold(stationId);
    const profile = commands.sentTo(stationId).find(({ raw }) => raw?.action === 'SetNetworkProfile');
    expect(payloadOf(profile!)).toEqual({
      configurationSlot: 0,
      connectionData: {
        ocppCsmsUrl: 'wss://ocpp.example.org/ocpp',
        ocppInterface: 'Wired0',
        ocppTransport: 'JSON',
        messageTimeout: 30,
        securityProfile: 1,
        basicAuthPassword: fresh,
      },
    });
    expect(station.writes).toEqual(['0,1']);
    for (const password of [PASSWORD, fresh]) expect(await verdict('CS-NET', password)).toBe(LET_IN);
    const { credentialId } = await play.comes('CS-NET', fresh);
    await play.connects(stationId, { protocol: 'ocpp2.1', securityProfile: 1, credentialId });
    await waitFor('the old one dead', async () => (await verdict('CS-NET', PASSWORD)) === BAD);
    expect(station.writes).toEqual(['0,1']);
  });

  it('S5: is neither undone nor confirmed by a reconnect with the old one before the station has booted', async () => {
    const identity = 'CS-NET-STUMBLES';
    const stationId = await seen(identity, 'ocpp2.1');
    const station = new ProfiledStation();
    commands.answer = station.answer;
    await rotate(stationId);
    const fresh = passwordTold(stationId);
    const { credentialId: old } = await play.comes(identity, PASSWORD);
    await play.connects(stationId, { protocol: 'ocpp2.1', securityProfile: 1, credentialId: old });
    const planned = await waitFor('the arrival', async () => {
      const [row] = await app.rig.sql<{ seconds: number | null }>(
        `select extract(epoch from restore_due_at - pending_since)::float8 as seconds from station_credential where station_id = $1`,
        [stationId],
      );
      return row?.seconds ?? undefined;
    });
    expect(planned).toBe(24 * 3600);
    expect(station.writes).toEqual(['0,1']);
    for (const password of [PASSWORD, fresh]) expect(await verdict(identity, password)).toBe(LET_IN);
    // It boots.
    const { credentialId } = await play.comes(identity, fresh);
    await play.connects(stationId, { protocol: 'ocpp2.1', securityProfile: 1, credentialId });
    await waitFor('the old one dead', async () => (await verdict(identity, PASSWORD)) === BAD);
    // What was planned has nothing to put back any more.
    await dayPasses(stationId);
    const audit = await app.rig.sql<{ action: string }>(
      `select action from audit_entry where target_id = $1 and action like 'station.password%' order by id`,
      [stationId],
    );
    expect(audit.map(({ action }) => action)).toEqual([
      'station.password_rotated',
      'station.password_in_force',
    ]);
    expect(station.writes).toEqual(['0,1']);
    expect(await verdict(identity, fresh)).toBe(LET_IN);
  });

  it('S5: that a station last came without is taken back when the day is over, though it stays connected', async () => {
    const stationId = await seen('CS-NET-STAYS', 'ocpp2.1');
    const station = new ProfiledStation();
    commands.answer = station.answer;
    await rotate(stationId);
    await play.connects(stationId, { protocol: 'ocpp2.1', securityProfile: 1, credentialId: 'password' });
    await waitFor('the arrival', async () => {
      const sql = 'select 1 from station_credential where station_id = $1 and restore_due_at is not null';
      return (await app.rig.sql(sql, [stationId])).length > 0;
    });
    await dayPasses(stationId);
    await waitFor('the profiles as before', () => station.writes.at(-1) === '1,0', { timeoutMs: 30_000 });
  });

  it('S5: that a station comes back without is taken back: its profiles are as before, the new one is dead', async () => {
    const stationId = await seen('CS-NET-BACK', 'ocpp2.1');
    const station = new ProfiledStation();
    commands.answer = station.answer;
    await rotate(stationId);
    const fresh = passwordTold(stationId);
    await dayPasses(stationId);
    await play.connects(stationId, { protocol: 'ocpp2.1', securityProfile: 1, credentialId: 'password' });
    await waitFor('the new one dead', async () => (await verdict('CS-NET-BACK', fresh)) === BAD, {
      timeoutMs: 30_000,
    });
    expect(station.writes).toEqual(['0,1', '1,0']);
    expect(await verdict('CS-NET-BACK', PASSWORD)).toBe(LET_IN);
    const audit = await app.rig.sql<{ action: string }>(
      `select action from audit_entry where target_id = $1 and action like 'station.password%' order by id`,
      [stationId],
    );
    expect(audit.map(({ action }) => action)).toEqual([
      'station.password_rotated',
      'station.password_put_back',
    ]);
  });

  it('S5: while another is on its way: that is taken back first, so that the profile in use is never written over', async () => {
    const identity = 'CS-NET-TWICE';
    const stationId = await seen(identity, 'ocpp2.1');
    const station = new ProfiledStation();
    commands.answer = station.answer;
    await rotate(stationId);
    const first = passwordTold(stationId);
    // It charges, and comes again with what it is still in.
    await play.connects(stationId, { protocol: 'ocpp2.1', securityProfile: 1, credentialId: 'password' });
    expect(await rotate(stationId)).toMatchObject({ outcome: 'CHANGED' });
    const slots = commands
      .sentTo(stationId)
      .filter(({ raw }) => raw?.action === 'SetNetworkProfile')
      .map((sent) => payloadOf(sent)['configurationSlot']);
    expect(slots).toEqual([0, 0]);
    expect(station.writes).toEqual(['0,1', '1,0', '0,1']);
    expect(await verdict(identity, first)).toBe(BAD);
    expect(await verdict(identity, PASSWORD)).toBe(LET_IN);
  });

  it('S5: is not given while another is on its way that the station does not give up', async () => {
    const stationId = await seen('CS-NET-SILENT', 'ocpp2.1');
    commands.answer = new ProfiledStation().answer;
    await rotate(stationId);
    const first = passwordTold(stationId);
    commands.answer = new ProfiledStation({ SetVariables: () => setVariables('Rejected') }).answer;
    await expect(rotate(stationId)).rejects.toThrow('AUTH_PASSWORD_PENDING');
    for (const password of [PASSWORD, first]) expect(await verdict('CS-NET-SILENT', password)).toBe(LET_IN);
  });

  it.each([
    [
      'the profile',
      { SetNetworkProfile: () => answered('Rejected') },
      ['GetVariables', 'GetVariables', 'SetNetworkProfile'],
      [],
    ],
    [
      'the order of profiles',
      { SetVariables: () => setVariables('Rejected') },
      ['GetVariables', 'GetVariables', 'SetNetworkProfile', 'SetVariables'],
      [],
    ],
    [
      'to boot',
      { reset: () => answered('Rejected') },
      ['GetVariables', 'GetVariables', 'SetNetworkProfile', 'SetVariables', 'reset', 'SetVariables'],
      ['0,1', '1,0'],
    ],
  ])('S5: stays the old one when the station does not take %s', async (what, over, actions, writes) => {
    const identity = `CS-NET-NO-${what}`.replaceAll(' ', '-');
    const stationId = await seen(identity, 'ocpp2.1');
    const station = new ProfiledStation(over);
    commands.answer = station.answer;
    expect(await rotate(stationId)).toMatchObject({ outcome: 'KEPT' });
    expect(toldTo(stationId)).toEqual(actions);
    expect(station.writes).toEqual(writes);
    expect(await verdict(identity, passwordTold(stationId))).toBe(BAD);
    expect(await verdict(identity, PASSWORD)).toBe(LET_IN);
  });

  it('S5: of which nobody knows whether it counts is held beside the old one', async () => {
    const stationId = await seen('CS-NET-UNSURE', 'ocpp2.1');
    const unknown = { outcome: CommandOutcome.COMMAND_OUTCOME_UNKNOWN, status: '', payloadJson: '' };
    commands.answer = new ProfiledStation({ SetVariables: () => unknown }).answer;
    expect(await rotate(stationId)).toMatchObject({ outcome: 'UNSURE' });
    for (const password of [PASSWORD, passwordTold(stationId)])
      expect(await verdict('CS-NET-UNSURE', password)).toBe(LET_IN);
  });

  it('S5: is the variable where the profile cannot be copied', async () => {
    const stationId = await seen('CS-NET-OLD', 'ocpp2.1');
    commands.answer = (sent) =>
      sent.raw?.action === 'GetVariables'
        ? answered('Accepted', { getVariableResult: [] })
        : answered('Accepted');
    expect(await rotate(stationId)).toMatchObject({ outcome: 'CHANGED' });
    expect(toldTo(stationId)).toEqual(['GetVariables', 'SetVariables']);
    expect(
      await verdict(
        'CS-NET-OLD',
        passwordIn(commands.sentTo(stationId).find(({ raw }) => raw?.action === 'SetVariables')!),
      ),
    ).toBe(LET_IN);
  });
});
