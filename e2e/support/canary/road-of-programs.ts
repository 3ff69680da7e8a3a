import type { Canaries } from './canaries.js';
import type { TellingApi } from './telling-api.js';

const TOKEN = `mutation($input: ClientTokenInput!) { clientToken(input: $input) {
  __typename ... on ClientToken { accessToken } ... on ClientTokenRefused { reason } } }`;

interface Issued {
  readonly client: { readonly id: string };
  readonly secret: string;
}

/** Secrets of machine clients, over GraphQL and at the OAuth endpoint, in the body and in the header. */
export async function walkRoadOfPrograms(api: TellingApi, admin: string, canaries: Canaries): Promise<void> {
  const { createMachineClient: issued } = await api.need<{ createMachineClient: Issued }>(
    'mutation($input: CreateMachineClientInput!) { createMachineClient(input: $input) { client { id } secret } }',
    { input: { name: 'Canary program', scopes: ['sessions:read'] } },
    admin,
  );
  const clientId = issued.client.id;
  canaries.learn('secret of a machine client', issued.secret);
  const wrong = canaries.token('wrong secret of a machine client');
  for (const clientSecret of [issued.secret, wrong, [wrong]]) {
    const { data } = await api.ask<{ clientToken: { accessToken?: string } }>(TOKEN, {
      input: { clientId, clientSecret },
    });
    if (data?.clientToken.accessToken)
      canaries.jwt('token of a machine client', data.clientToken.accessToken);
  }
  const { rotateMachineClientSecret: renewed } = await api.need<{ rotateMachineClientSecret: Issued }>(
    'mutation($input: RotateMachineClientSecretInput!) { rotateMachineClientSecret(input: $input) { client { id } secret } }',
    { input: { clientId } },
    admin,
  );
  canaries.learn('renewed secret of a machine client', renewed.secret);
  for (const secret of [renewed.secret, wrong]) await byOauth(api, canaries, clientId, secret);
}

async function byOauth(api: TellingApi, canaries: Canaries, clientId: string, secret: string): Promise<void> {
  const form = { grant_type: 'client_credentials' };
  const basic = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`).toString(
    'base64',
  );
  const attempts: [Record<string, string>, Record<string, string>][] = [
    [{ ...form, client_id: clientId, client_secret: secret }, {}],
    [form, { authorization: `Basic ${basic}` }],
    [{ grant_type: secret, client_secret: secret }, {}],
  ];
  for (const [body, headers] of attempts) {
    const response = await fetch(new URL('/oauth/token', api.url), {
      method: 'POST',
      headers,
      body: new URLSearchParams(body),
    });
    const text = await response.text();
    const { access_token: accessToken } = JSON.parse(text) as { access_token?: string };
    if (accessToken) canaries.jwt('token of a machine client by OAuth', accessToken);
    else api.errors.push({ place: 'an error of the OAuth endpoint', text });
  }
}
