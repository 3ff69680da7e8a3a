import { useAccount, useApi } from '../../api/api-context.js';
import { Button } from '../../ui/button.js';
import { Facts } from '../../ui/figures.js';
import { Card, Page } from '../../ui/page.js';
import { sentenceCase } from '../../words/session-words.js';
import { AccountTabs } from './account-tabs.js';
import { AlertPreferences } from './alert-preferences.js';

export function AccountPage() {
  const account = useAccount();
  const { auth } = useApi();
  return (
    <Page title="Account" actions={<Button onClick={() => void auth.signOut()}>Sign out</Button>}>
      <AccountTabs />
      <div className="columns">
        <Card title="You">
          <Facts
            rows={[
              ['Name', account.displayName],
              ['E-mail', account.email],
              ['Role', sentenceCase(account.role)],
            ]}
          />
        </Card>
        <Card title="Alert preferences" id="preferences">
          <AlertPreferences />
        </Card>
      </div>
    </Page>
  );
}
