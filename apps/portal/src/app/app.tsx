import { ApolloProvider } from '@apollo/client/react';
import { BrowserRouter, useLocation } from 'react-router';
import { ApiContext, useApi, useAuthState } from '../api/api-context.js';
import type { Api } from '../api/client.js';
import { AccountLinkPage, LINK_PAGES } from '../pages/entry/account-link-page.js';
import { MAIL_PAGES, MailRequestPage } from '../pages/entry/mail-request-page.js';
import { PROVIDER_RETURN_PATH, ProviderReturnPage } from '../pages/entry/provider-return-page.js';
import { RegisterPage } from '../pages/entry/register-page.js';
import { SignInPage } from '../pages/entry/sign-in-page.js';
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
  // A link in a mail works whoever is signed in here: a new password ends that sign-in too.
  if (pathname === '/reset-password') return <AccountLinkPage path={pathname} />;
  if (state.status === 'signed-in') return <SignedInRoutes />;
  const entry = entryPage(pathname);
  if (entry) return entry;
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

/** Pages for people who are not signed in, by the path. */
function entryPage(path: string) {
  if (Object.hasOwn(LINK_PAGES, path)) return <AccountLinkPage path={path as keyof typeof LINK_PAGES} />;
  if (Object.hasOwn(MAIL_PAGES, path)) return <MailRequestPage path={path as keyof typeof MAIL_PAGES} />;
  if (path === '/register') return <RegisterPage />;
  if (path === PROVIDER_RETURN_PATH) return <ProviderReturnPage />;
  return undefined;
}
