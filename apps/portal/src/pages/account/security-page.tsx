import { MySecurityDocument } from '../../api/documents/security.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { Page } from '../../ui/page.js';
import { AccountTabs } from './account-tabs.js';
import { PasskeysCard } from './passkeys-card.js';
import { PasswordCard } from './password-card.js';
import { SecondFactorCard } from './second-factor-card.js';
import { SignInsCard } from './sign-ins-card.js';

/** How the own account is protected, and where it is signed in. */
export function SecurityPage() {
  const security = useLiveQuery(MySecurityDocument, { fallbackPollMs: 0 });
  return (
    <Page title="Security">
      <AccountTabs />
      <div className="columns">
        <SecondFactorCard security={security} />
        <PasskeysCard />
        <SignInsCard />
        <PasswordCard />
      </div>
    </Page>
  );
}
