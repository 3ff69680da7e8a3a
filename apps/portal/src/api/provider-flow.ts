const FLOW_KEY = 'kilowatch.provider-flow';
const PATH_KEY = 'kilowatch.provider-path';

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/**
 * Keeps the flow while the person is away at a provider, and where they were. For this tab alone: what comes back to another one
 * finds no flow there (ADR 13).
 */
export function keepFlow(flow: string, path: string, store: Store = sessionStorage): void {
  store.setItem(FLOW_KEY, flow);
  store.setItem(PATH_KEY, path);
}

/** Takes it out: it works once. */
export function takeFlow(store: Store = sessionStorage): string | undefined {
  const flow = store.getItem(FLOW_KEY);
  store.removeItem(FLOW_KEY);
  return flow ?? undefined;
}

/** Where the person was when they went; the start when that was no page of their own. */
export function pathBefore(store: Store = sessionStorage): string {
  const path = store.getItem(PATH_KEY);
  return path !== null && /^\/(?![/\\])/.test(path) && !path.startsWith('/sign-in') ? path : '/';
}
