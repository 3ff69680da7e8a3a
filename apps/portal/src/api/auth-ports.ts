import { print } from 'graphql';
import type { TypedDocumentNode } from '@apollo/client';
import type { AuthPorts } from './auth-session.js';
import {
  RefreshSessionDocument,
  SignInDocument,
  SignInProvidersDocument,
  SignOutDocument,
  type SignInProvidersQuery,
} from './documents/account.js';

const REFRESH_TOKEN_KEY = 'kilowatch.refresh-token';
const LOCK = 'kilowatch.refresh';

/** Sign-in speaks plain HTTP, outside the client whose requests wait for a token. */
async function send<Data, Variables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ query: print(document), variables }),
  });
  const body = (await response.json()) as { data?: Data | null; errors?: { message: string }[] };
  if (!body.data) throw new Error(body.errors?.[0]?.message ?? `HTTP ${response.status}`);
  return body.data;
}

export const browserAuthPorts: AuthPorts = {
  signIn: async (email, password) => (await send(SignInDocument, { input: { email, password } })).signIn,
  refresh: async (refreshToken) =>
    (await send(RefreshSessionDocument, { input: { refreshToken } })).refreshSession,
  signOut: (refreshToken) => send(SignOutDocument, { input: { refreshToken } }),
  readToken: () => localStorage.getItem(REFRESH_TOKEN_KEY),
  writeToken: (token) => {
    if (token === null) localStorage.removeItem(REFRESH_TOKEN_KEY);
    else localStorage.setItem(REFRESH_TOKEN_KEY, token);
  },
  // Web Locks need a secure context; without one, tabs cannot wait for each other.
  exclusive: (run) => ('locks' in navigator ? navigator.locks.request(LOCK, run) : run()),
  now: () => Date.now(),
  later: (run, milliseconds) => {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** Outside the client too: signing out clears its store, and with that ends what it is asking. */
export async function fetchSignInProviders(): Promise<SignInProvidersQuery['signInProviders']> {
  return (await send(SignInProvidersDocument, {})).signInProviders;
}
