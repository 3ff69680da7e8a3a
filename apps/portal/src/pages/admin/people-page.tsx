import { useState } from 'react';
import { PeopleDocument } from '../../api/documents/people.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { Button } from '../../ui/button.js';
import { Page } from '../../ui/page.js';
import { PagedList } from '../../ui/paged-list.js';
import { useCursorPages } from '../../ui/pagination.js';
import { SearchField } from '../../ui/search-field.js';
import { Empty, Notice } from '../../ui/states.js';
import { useSettled } from '../../ui/use-settled.js';
import { AccessTabs } from './access-tabs.js';
import { PersonForm } from './person-form.js';
import { PersonRow } from './person-row.js';
import { SignInPolicyCard } from './sign-in-policy-card.js';

const PAGE_SIZE = 20;
const TYPING_MS = 250;

/** Who has an account, and what an administrator does for them or against them. */
export function PeoplePage() {
  const [search, setSearch] = useState('');
  const settled = useSettled(search.trim(), TYPING_MS);
  const [invites, setInvites] = useState(false);
  const [invited, setInvited] = useState<string>();
  const pages = useCursorPages();
  const query = useLiveQuery(PeopleDocument, {
    variables: { first: PAGE_SIZE, after: pages.after, search: settled || null },
    fallbackPollMs: 0,
  });
  return (
    <Page
      title="People"
      lead="Invite somebody, switch them off at once, or help them in who lost phone and codes."
    >
      <AccessTabs />
      <SignInPolicyCard />
      {invited && (
        <Notice tone="good">{invited} was invited: the link in the mail is good for a week.</Notice>
      )}
      {invites ? (
        <PersonForm
          onInvited={(email) => {
            setInvites(false);
            setInvited(email);
            void query.refetch();
          }}
          onCancel={() => setInvites(false)}
        />
      ) : (
        <div className="form-actions">
          <Button
            look="primary"
            onClick={() => {
              setInvited(undefined);
              setInvites(true);
            }}
          >
            Invite somebody…
          </Button>
        </div>
      )}
      <SearchField
        label="Search name or e-mail"
        value={search}
        onChange={(value) => {
          setSearch(value);
          pages.reset();
        }}
      />
      <PagedList
        query={query}
        list={query.data?.accounts}
        pages={pages}
        size={PAGE_SIZE}
        of="people"
        label="People"
        rows={6}
        empty={
          <Empty icon="search" title="Nobody found">
            Check the spelling, or search for a part of the name.
          </Empty>
        }
      >
        {(node) => <PersonRow key={node.id} person={node} />}
      </PagedList>
    </Page>
  );
}
