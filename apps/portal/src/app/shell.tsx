import { Suspense, useEffect, useRef } from 'react';
import { NavLink, Outlet, useLocation } from 'react-router';
import { isOperator, useAccount, useApi } from '../api/api-context.js';
import type { AccountParts } from '../api/documents/account.js';
import { Brand } from '../ui/brand.js';
import { Button } from '../ui/button.js';
import { Icon, type IconName } from '../ui/icon.js';
import { LiveMark } from '../ui/live-mark.js';
import { Skeleton } from '../ui/states.js';
import { AlertToasts } from './alert-toasts.js';
import { ErrorBoundary } from './error-boundary.js';
import { useAlertFeed } from './use-alert-feed.js';

interface Destination {
  readonly to: string;
  readonly text: string;
  readonly icon: IconName;
}

const DRIVER: readonly Destination[] = [
  { to: '/charging', text: 'Charging', icon: 'bolt' },
  { to: '/start', text: 'Start', icon: 'plug' },
  { to: '/invoices', text: 'Invoices', icon: 'receipt' },
  { to: '/alerts', text: 'Alerts', icon: 'bell' },
  { to: '/account', text: 'Account', icon: 'person' },
];

const OPERATOR: readonly Destination[] = [
  { to: '/overview', text: 'Overview', icon: 'grid' },
  { to: '/stations', text: 'Stations', icon: 'station' },
  { to: '/sessions', text: 'Sessions', icon: 'pulse' },
  { to: '/alerts', text: 'Alerts', icon: 'bell' },
  { to: '/account', text: 'Account', icon: 'person' },
];

const ADMIN: readonly Destination[] = [...OPERATOR, { to: '/access', text: 'Access', icon: 'key' }];

function destinationsOf(account: AccountParts): readonly Destination[] {
  if (account.role === 'ADMIN') return ADMIN;
  return isOperator(account) ? OPERATOR : DRIVER;
}

/** The frame of every signed-in page: at the side on a wide screen, tabs at the bottom on a phone. */
export function Shell() {
  const account = useAccount();
  const { auth } = useApi();
  const feed = useAlertFeed();
  const { pathname } = useLocation();
  const main = useFocusOnNavigation(pathname);
  return (
    <div className="shell">
      <a className="skip-link" href="#main">
        Skip to content
      </a>
      <header className="top">
        <Brand />
        <LiveMark />
      </header>
      <nav className="nav" aria-label="Main">
        <ul>
          {destinationsOf(account).map(({ to, text, icon }) => (
            <li key={to}>
              <NavLink to={to}>
                <Icon name={icon} />
                <span>{text}</span>
                {to === '/alerts' && feed.unread > 0 && (
                  <span className="count" data-figure="unread">
                    {feed.unread > 99 ? '99+' : feed.unread}
                    <span className="visually-hidden"> unread</span>
                  </span>
                )}
              </NavLink>
            </li>
          ))}
        </ul>
      </nav>
      <div className="who">
        <p>{account.displayName}</p>
        <p className="quiet">{account.email}</p>
        <Button look="plain" onClick={() => void auth.signOut()}>
          Sign out
        </Button>
      </div>
      <main id="main" ref={main} tabIndex={-1}>
        <ErrorBoundary key={pathname}>
          <Suspense fallback={<Skeleton rows={6} tall />}>
            <Outlet />
          </Suspense>
        </ErrorBoundary>
      </main>
      <AlertToasts alerts={feed.fresh} onDismiss={feed.dismiss} />
    </div>
  );
}

/** A new page starts at its top, for eyes and for the keyboard. */
function useFocusOnNavigation(pathname: string) {
  const main = useRef<HTMLElement>(null);
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [pathname]);
  return main;
}
