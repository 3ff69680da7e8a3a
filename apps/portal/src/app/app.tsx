import { ApolloProvider } from '@apollo/client/react';
import { BrowserRouter, useLocation } from 'react-router';
import { ApiContext, useApi, useAuthState } from '../api/api-context.js';
import type { Api } from '../api/client.js';
import { AccountLinkPage, LINK_PAGES } from '../pages/shared/account-link-page.js';
import { SignInPage } from '../pages/shared/sign-in-page.js';
import { Brand } from '../ui/brand.js';
import { Failure, Skeleton } from '../ui/states.js';
import { SignedInRoutes } from './routes.js';

export function App({ api }: { api: Api }) {
  return (
    <ApiContext value={api}>
      <ApolloProvider client={api.client}>
        <BrowserRouter>
          <Gate />
        </BrowserRouter>
      </ApolloProvider>
    </ApiContext>
  );
}

/** What is shown depends on who is signed in before it depends on the address. */
function Gate() {
  const state = useAuthState();
  const { auth } = useApi();
  const { pathname } = useLocation();
  if (state.status !== 'signed-in' && Object.hasOwn(LINK_PAGES, pathname))
    return <AccountLinkPage path={pathname as keyof typeof LINK_PAGES} />;
  if (state.status === 'signed-in') return <SignedInRoutes />;
  if (state.status === 'signed-out') return <SignInPage ended={state.notice === 'SESSION_ENDED'} />;
  return (
    <main className="threshold">
      <Brand />
      {state.status === 'unreachable' ? (
        <Failure error={undefined} onRetry={() => void auth.start()} />
      ) : (
        <Skeleton rows={3} />
      )}
    </main>
  );
}
