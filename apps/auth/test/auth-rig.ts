import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { auth } from '@kilowatch/contracts';
import { tenantId, type Clock } from '@kilowatch/kernel';
import { CLIENT_ADDRESS_HEADER, CLIENT_AGENT_HEADER } from '@kilowatch/platform';
import { ServiceRig, type Asker, type TestPrincipal } from '@kilowatch/testing';
import { authService } from '../src/auth.module.js';
import { configShape } from '../src/config.js';

export const PASSWORD = 'correct horse battery';
export const ROOT_EMAIL = 'root@example.org';
export const DEMO = { tenant: tenantId('demo') };
export const admin: TestPrincipal = { accountId: randomUUID(), tenant: 'demo', role: 'admin' };
export const operator: TestPrincipal = { accountId: randomUUID(), tenant: 'demo', role: 'operator' };
export const foreignOperator: TestPrincipal = { accountId: randomUUID(), tenant: 'other', role: 'operator' };

const SIGN_IN = `mutation($input: SignInInput!) { signIn(input: $input) {
  __typename ... on SignedIn { accessToken refreshToken account { id role email } } ... on SignInRefused { reason message } } }`;
const REFRESH = `mutation($input: RefreshSessionInput!) { refreshSession(input: $input) {
  __typename ... on SignedIn { refreshToken } ... on SignInRefused { reason } } }`;

export interface SignInData {
  readonly __typename: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly reason?: string;
  readonly account: { readonly id: string };
}

interface Imported {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly problems: readonly { index: number; code: string }[];
}

const clientOf = (rig: ServiceRig) => rig.grpc(auth.AuthServiceClient);

/** Auth on a real Postgres and NATS, with a first administrator; what its callers would send. */
export class AuthRig {
  readonly service: ReturnType<typeof clientOf>;

  private constructor(readonly rig: ServiceRig) {
    this.service = clientOf(rig);
  }

  static async start(
    env: Readonly<Record<string, string>> = {},
    clock?: Clock,
    overrides?: Readonly<Record<string, string>>,
  ): Promise<AuthRig> {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const rig = await ServiceRig.start({
      service: authService,
      shape: configShape,
      env: {
        KW_AUTH_SIGNING_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
        KW_OCPP_GATEWAY_GRPC_URL: '127.0.0.1:1',
        KW_TOKEN_KEY: Buffer.alloc(32, 7).toString('base64'),
        KW_BOOTSTRAP_ADMIN_EMAIL: ROOT_EMAIL,
        KW_BOOTSTRAP_ADMIN_PASSWORD: PASSWORD,
        ...env,
      },
      ...(clock ? { clock } : {}),
      ...(overrides ? { overrides } : {}),
    });
    return new AuthRig(rig);
  }

  /** `from`: the client's address as the gateway saw it. */
  async signIn(email: string, password: string, from?: string): Promise<SignInData> {
    const headers: Record<string, string> = from === undefined ? {} : { [CLIENT_ADDRESS_HEADER]: from };
    const input = { email, password };
    const { data } = await this.rig.graphql<{ signIn: SignInData }>(null, SIGN_IN, { input }, headers);
    return data!.signIn;
  }

  /** A mutation with one `input`, as the gateway sends it on. */
  async mutate<T = Record<string, unknown>>(
    asker: Asker,
    field: string,
    input: { readonly type: string; readonly value: Record<string, unknown> },
    selection: string,
    from: { address?: string; agent?: string } = {},
  ): Promise<{ answer: T | undefined; codes: string[]; reasons: (string | undefined)[] }> {
    const headers = {
      ...(from.address ? { [CLIENT_ADDRESS_HEADER]: from.address } : {}),
      ...(from.agent ? { [CLIENT_AGENT_HEADER]: from.agent } : {}),
    };
    const { data, codes, errors } = await this.rig.graphql<Record<string, T>>(
      asker,
      `mutation($input: ${input.type}!) { ${field}(input: $input) { ${selection} } }`,
      { input: input.value },
      headers,
    );
    const reasons = errors.map(({ extensions }) => (extensions as { reason?: string }).reason);
    return { answer: data?.[field], codes, reasons };
  }

  async refresh(refreshToken: string): Promise<{ refreshToken?: string; reason?: string }> {
    const { data } = await this.rig.graphql<{
      refreshSession: { refreshToken?: string; reason?: string };
    }>(null, REFRESH, { input: { refreshToken } });
    return data!.refreshSession;
  }

  createAccount(asker: Asker, input: { email: string; role: string; displayName?: string }) {
    return this.rig.graphql<{ createAccount: { account: { id: string } } }>(
      asker,
      'mutation($input: CreateAccountInput!) { createAccount(input: $input) { account { id } } }',
      { input: { displayName: 'Dora', password: PASSWORD, ...input } },
    );
  }

  async createPerson(email: string, role: TestPrincipal['role'] = 'driver'): Promise<TestPrincipal> {
    const { data } = await this.createAccount(admin, { email, role: role.toUpperCase() });
    return { accountId: data!.createAccount.account.id, tenant: 'demo', role };
  }

  async importTokens(tokens: readonly Record<string, unknown>[]): Promise<Imported> {
    const { data } = await this.rig.graphql<{ importTokens: Imported }>(
      operator,
      `mutation($input: ImportTokensInput!) { importTokens(input: $input) {
        created updated unchanged problems { index code } } }`,
      { input: { tokens } },
    );
    return data!.importTokens;
  }

  decide(value: string, over: Partial<auth.DecideRequest> = {}) {
    return this.service.decide(decideRequest(value, over), DEMO);
  }

  close(): Promise<void> {
    return this.rig.close();
  }
}

export function decideRequest(value: string, over: Partial<auth.DecideRequest> = {}): auth.DecideRequest {
  return auth.DecideRequest.fromPartial({
    stationId: randomUUID(),
    evseNumber: 1,
    idToken: { value, type: 'ISO14443' },
    purpose: auth.DecisionPurpose.DECISION_PURPOSE_AUTHORIZE,
    occurredAt: new Date(),
    ...over,
  });
}
