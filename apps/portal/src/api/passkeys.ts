import type { ApolloClient } from '@apollo/client';
import {
  startAuthentication,
  startRegistration,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';
import {
  FinishPasskeySignInDocument,
  StartPasskeySignInDocument,
  type SignInParts,
} from './documents/account.js';
import { sendOnce } from './send-once.js';
import { FinishPasskeyDocument, StartPasskeyDocument } from './documents/security.js';

/** The two ceremonies as the browser has them; a test gives its own. */
export interface Authenticator {
  create(options: unknown): Promise<unknown>;
  get(options: unknown): Promise<unknown>;
}

export const browserAuthenticator: Authenticator = {
  create: (options) => startRegistration({ optionsJSON: options as PublicKeyCredentialCreationOptionsJSON }),
  get: (options) => startAuthentication({ optionsJSON: options as PublicKeyCredentialRequestOptionsJSON }),
};

type Client = Pick<ApolloClient, 'mutate'>;

/** Nobody is named: the person picks a passkey, and what it signed is the sign-in. */
export async function signInWithPasskey(
  client: Client,
  { get }: Authenticator = browserAuthenticator,
): Promise<SignInParts> {
  const { startPasskeySignIn } = await sendOnce(client, StartPasskeySignInDocument, {});
  const { ticket, options } = startPasskeySignIn;
  const response = await get(options);
  const finished = await sendOnce(client, FinishPasskeySignInDocument, { input: { ticket, response } });
  return finished.finishPasskeySignIn;
}

/** Makes a passkey on a device of the person and tells the platform. */
export async function addPasskey(
  client: Client,
  { password, name }: { password: string; name: string },
  { create }: Authenticator = browserAuthenticator,
): Promise<void> {
  const { startPasskey } = await sendOnce(client, StartPasskeyDocument, { input: { password } });
  const { ticket, options } = startPasskey;
  const response = await create(options);
  await sendOnce(client, FinishPasskeyDocument, { input: { ticket, response, name } });
}
