import { createContext, useContext, useSyncExternalStore } from 'react';
import type { AuthState } from './auth-session.js';
import { viewOf } from './account-rights.js';
import type { Api } from './client.js';
import type { AccountParts } from './documents/account.js';
import type { LiveStatus } from './live-connection.js';

export const ApiContext = createContext<Api | undefined>(undefined);

export function useApi(): Api {
  const api = useContext(ApiContext);
  if (!api) throw new Error('no ApiContext around this component');
  return api;
}

export function useAuthState(): AuthState {
  const { auth } = useApi();
  return useSyncExternalStore(auth.subscribe, auth.snapshot);
}

export function useLiveStatus(): LiveStatus {
  const { live } = useApi();
  return useSyncExternalStore(live.subscribe, live.snapshot);
}

/** The signed-in person. Only below the sign-in gate. */
export function useAccount(): AccountParts {
  const state = useAuthState();
  if (state.status !== 'signed-in') throw new Error('nobody is signed in');
  return state.account;
}

export function isOperator({ role }: AccountParts): boolean {
  return viewOf(role) === 'operator';
}
