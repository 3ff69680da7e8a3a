import { MockEmsp } from '@kilowatch/testing';
import type { Canaries } from './canaries.js';
import type { TellingApi } from './telling-api.js';

const INVITE = `mutation($input: InviteOcpiPartnerInput!) { inviteOcpiPartner(input: $input) {
  partner { id } versionsUrl tokenA } }`;
const REGISTER = `mutation($input: RegisterWithOcpiPartnerInput!) { registerWithOcpiPartner(input: $input) { partner { id } } }`;
const ROTATE =
  'mutation($input: RotateOcpiCredentialsInput!) { rotateOcpiCredentials(input: $input) { partner { id } } }';

/** Tokens A, B and C of OCPI, in both directions, used rightly and wrongly. */
export async function walkRoadOfPartners(
  api: TellingApi,
  operator: string,
  canaries: Canaries,
): Promise<void> {
  const emsp = await MockEmsp.start();
  try {
    const { inviteOcpiPartner: invited } = await api.need<{
      inviteOcpiPartner: { partner: { id: string }; versionsUrl: string; tokenA: string };
    }>(INVITE, { input: { name: 'Canary Mobility', seesOwnFleet: false } }, operator);
    canaries.learn('OCPI token A of ours', invited.tokenA);
    await emsp.register(invited.versionsUrl, invited.tokenA, () => undefined);
    const learn = (when: string) => {
      canaries.learn(`OCPI token of the partner ${when}`, emsp.tokenForUs!);
      canaries.learn(`OCPI token for the partner ${when}`, emsp.tokenForThem);
    };
    learn('after the handshake');
    const wrong = canaries.token('OCPI token that nobody gave out');
    for (const raw of [true, false]) {
      await emsp.send('GET', invited.versionsUrl, { raw });
      await emsp.send('GET', invited.versionsUrl, { raw, token: wrong });
    }
    await emsp.send('POST', emsp.endpoint('credentials'), { token: wrong, body: emsp.credentials(wrong) });
    await emsp.send('PUT', emsp.endpoint('credentials'), {
      body: { token: [wrong], url: wrong, roles: wrong },
    });
    await emsp.send('PUT', emsp.endpoint('credentials'), { body: `{"token": "${wrong}"` });
    await emsp.send('GET', `${emsp.endpoint('locations')}/${wrong}?limit=${wrong}`);
    await api.ask(ROTATE, { input: { partnerId: invited.partner.id } }, operator);
    learn('after the rotation');
    await registerWith(api, operator, canaries);
  } finally {
    await emsp.close();
  }
}

async function registerWith(api: TellingApi, operator: string, canaries: Canaries): Promise<void> {
  const other = await MockEmsp.start();
  try {
    canaries.learn('OCPI token A of a partner', other.tokenA);
    const input = { name: 'Canary Two', versionsUrl: other.versionsUrl, tokenA: other.tokenA };
    const wrong = canaries.token('OCPI token A that the partner refuses');
    await api.ask(REGISTER, { input: { ...input, name: 'Canary Three', tokenA: wrong } }, operator);
    await api.ask(REGISTER, { input: { ...input, versionsUrl: 'not an address', tokenA: wrong } }, operator);
    await api.ask(REGISTER, { input: { ...input, versionsUrl: [wrong], tokenA: wrong } }, operator);
    await api.ask(REGISTER, { input }, operator);
    if (other.tokenForUs) canaries.learn('OCPI token C of a partner', other.tokenForUs);
    if (other.tokenForThem) canaries.learn('OCPI token for a partner', other.tokenForThem);
  } finally {
    await other.close();
  }
}
