import { useState, type FormEvent } from 'react';
import { useApi } from '../../api/api-context.js';
import { SetTariffGroupDocument, TariffGroupsDocument } from '../../api/documents/price-groups.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { useTask } from '../../api/use-task.js';
import { Button } from '../../ui/button.js';
import { Field, fieldOf } from '../../ui/field.js';
import { Card, Page } from '../../ui/page.js';
import { PagedList } from '../../ui/paged-list.js';
import { useCursorPages } from '../../ui/pagination.js';
import { Empty, Notice } from '../../ui/states.js';
import { PriceTabs } from './price-tabs.js';
import { TariffGroupRow } from './tariff-group-row.js';

const PAGE_SIZE = 20;

/** Drivers, stations and locations that have a tariff together. */
export function TariffGroupsPage() {
  const { client } = useApi();
  const task = useTask();
  const pages = useCursorPages();
  const [isAdding, setAdding] = useState(false);
  const query = useLiveQuery(TariffGroupsDocument, {
    variables: { first: PAGE_SIZE, after: pages.after },
    pollMs: 60_000,
  });
  const add = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = fieldOf(new FormData(event.currentTarget), 'name');
    task.run(async () => {
      await client.mutate({ mutation: SetTariffGroupDocument, variables: { input: { name } } });
      setAdding(false);
      query.refetch();
      return undefined;
    });
  };
  return (
    <Page
      title="Tariff groups"
      lead="What is assigned to a group counts for all in it, after what is assigned to one of them alone."
      actions={
        isAdding ? undefined : (
          <Button look="primary" onClick={() => setAdding(true)}>
            New group…
          </Button>
        )
      }
    >
      <PriceTabs />
      {isAdding && (
        <Card title="New group">
          <form className="stack" onSubmit={add}>
            {task.problem && <Notice tone="bad">{task.problem}</Notice>}
            <Field label="Name" name="name" maxLength={100} required autoFocus />
            <div className="form-actions">
              <Button type="submit" look="primary" busy={task.isBusy ? 'Making it…' : undefined}>
                Make it
              </Button>
              <Button onClick={() => setAdding(false)}>Cancel</Button>
            </div>
          </form>
        </Card>
      )}
      <PagedList
        query={query}
        list={query.data?.tariffGroups}
        pages={pages}
        size={PAGE_SIZE}
        of="groups"
        label="Groups"
        empty={
          <Empty icon="person" title="No group yet">
            Make one for a fleet or for places that cost the same, put drivers, stations and locations into
            it, and give it a tariff.
          </Empty>
        }
      >
        {(group) => <TariffGroupRow key={group.id} group={group} onChanged={query.refetch} />}
      </PagedList>
    </Page>
  );
}
