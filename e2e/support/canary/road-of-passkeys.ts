import { VirtualAuthenticator, type CreationOptions, type RequestOptions } from '@kilowatch/testing';
import type { Canaries } from './canaries.js';
import { canarySignedIn, SIGNED_IN, type SignInAnswer } from './sign-in-answer.js';
import type { TellingApi } from './telling-api.js';

const CREATE = 'mutation($input: CreateAccountInput!) { createAccount(input: $input) { account { id } } }';
const SIGN_IN = `mutation($input: SignInInput!) { signIn(input: $input) { ${SIGNED_IN} } }`;
const START = 'mutation($input: StartPasskeyInput!) { startPasskey(input: $input) { ticket options } }';
const FINISH = 'mutation($input: FinishPasskeyInput!) { finishPasskey(input: $input) { passkey { id } } }';
const START_SIGN_IN = 'mutation { startPasskeySignIn { ticket options } }';
const FINISH_SIGN_IN = `mutation($input: FinishPasskeySignInInput!) { finishPasskeySignIn(input: $input) { ${SIGNED_IN} } }`;

/** Both ceremonies of a passkey: rightly, twice, with a wrong password, a wrong signature, and in the wrong shape. */
export async function walkRoadOfPasskeys(
  api: TellingApi,
  admin: string,
  origin: string,
  canaries: Canaries,
): Promise<void> {
  const email = 'canary.passkey@kilowatch.local';
  const password = canaries.password('password of an account with a passkey');
  const account = { email, password, displayName: 'Petra Passkey', role: 'DRIVER', locale: 'en' };
  await api.need(CREATE, { input: account }, admin);
  const { data } = await api.ask<{ signIn: SignInAnswer }>(SIGN_IN, { input: { email, password } });
  const person = canarySignedIn(canaries, 'person with a passkey', data?.signIn)!;
  const phone = new VirtualAuthenticator(origin);

  const wrong = canaries.password('wrong password for a passkey');
  await api.ask(START, { input: { password: wrong } }, person.accessToken);
  await api.ask(START, { input: { password: [wrong] } }, person.accessToken);
  const { startPasskey } = await api.need<{ startPasskey: { ticket: string; options: CreationOptions } }>(
    START,
    { input: { password } },
    person.accessToken,
  );
  const ticket = canaries.learn('ticket of a passkey that is added', startPasskey.ticket);
  const response = phone.create(startPasskey.options);
  await api.ask(FINISH, { input: { ticket: [ticket], response, name: 'Phone' } }, person.accessToken);
  await api.need(FINISH, { input: { ticket, response, name: 'Phone' } }, person.accessToken);
  await api.ask(FINISH, { input: { ticket, response, name: 'Again' } }, person.accessToken);

  const start = async () => {
    const { startPasskeySignIn } = await api.need<{
      startPasskeySignIn: { ticket: string; options: RequestOptions };
    }>(START_SIGN_IN, {});
    canaries.learn('ticket of a sign-in by passkey', startPasskeySignIn.ticket);
    return startPasskeySignIn;
  };
  const finish = async (input: object) => {
    const answer = await api.ask<{ finishPasskeySignIn: SignInAnswer }>(FINISH_SIGN_IN, { input });
    return canarySignedIn(canaries, 'person who came by passkey', answer.data?.finishPasskeySignIn);
  };
  const bad = await start();
  await finish({ ticket: bad.ticket, response: phone.get(bad.options, { foreignKey: true }) });
  await finish({ ticket: bad.ticket, response: 'no response' });
  await finish({ ticket: { text: bad.ticket }, response: {} });
  const good = await start();
  const proof = phone.get(good.options);
  if (!(await finish({ ticket: good.ticket, response: proof })))
    throw new Error('the sign-in by passkey was refused');
  await finish({ ticket: good.ticket, response: proof });
}
