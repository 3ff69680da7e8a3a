import type { AccountParts } from '../../api/documents/account.js';
import { Brand } from '../../ui/brand.js';
import { Button } from '../../ui/button.js';
import { Facts } from '../../ui/figures.js';
import { Card } from '../../ui/page.js';

interface PartnerPageProps {
  readonly account: AccountParts;
  readonly onSignOut: () => void;
}

/** For people of a roaming partner: this portal has no pages for them, and says where they get what they come for. */
export function PartnerPage({ account, onSignOut }: PartnerPageProps) {
  return (
    <main className="threshold">
      <Brand />
      <h1>Partner account</h1>
      <p>
        This portal is for drivers and operators. Sessions, charge records and tokens of your customers come
        to you over OCPI. Places, tariffs and the state of your link are in the API, with this account.
      </p>
      <Card title="You">
        <Facts
          rows={[
            ['Name', account.displayName],
            ['E-mail', account.email],
          ]}
        />
      </Card>
      <p>Questions about the link: ask the operator who invited you.</p>
      <Button onClick={onSignOut}>Sign out</Button>
    </main>
  );
}
