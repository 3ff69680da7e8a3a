import { useState } from 'react';
import { useParams } from 'react-router';
import { mayAct } from '../../api/account-rights.js';
import { useAccount, useApi } from '../../api/api-context.js';
import {
  TariffHistoryDocument,
  WithdrawTariffVersionDocument,
  type TariffHistoryQuery,
} from '../../api/documents/tariffs.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { useTask } from '../../api/use-task.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { ConfirmDialog } from '../../ui/confirm-dialog.js';
import { formatTime } from '../../ui/format.js';
import { Page } from '../../ui/page.js';
import { PagedList } from '../../ui/paged-list.js';
import { useCursorPages } from '../../ui/pagination.js';
import { Empty, Notice } from '../../ui/states.js';
import { VERSION_STATES } from '../../words/tariff-words.js';

const PAGE_SIZE = 20;

/** What was published of a tariff, what it changed, and what is to come. */
export function TariffHistoryPage() {
  const { id = '' } = useParams();
  const pages = useCursorPages();
  const query = useLiveQuery(TariffHistoryDocument, {
    variables: { id, first: PAGE_SIZE, after: pages.after },
    pollMs: 30_000,
  });
  return (
    <Page title={`Tariff ${id}`} back={{ to: '/tariffs', text: 'Tariffs' }}>
      {query.data?.tariffFindings.map(({ rule, country, severity, reason }) => (
        <Notice key={`${rule} ${country}`} tone={severity === 'VIOLATION' ? 'bad' : 'warn'}>
          {country}: {reason}
        </Notice>
      ))}
      <PagedList
        query={query}
        list={query.data?.tariffVersions}
        pages={pages}
        size={PAGE_SIZE}
        of="versions"
        label="Versions"
        empty={
          <Empty icon="receipt" title="Nothing was published">
            There is no tariff with this id.
          </Empty>
        }
      >
        {(version) => (
          <VersionItem key={version.version} tariffId={id} version={version} onChanged={query.refetch} />
        )}
      </PagedList>
    </Page>
  );
}

type Version = TariffHistoryQuery['tariffVersions']['edges'][number]['node'];

function VersionItem({
  tariffId,
  version,
  onChanged,
}: {
  tariffId: string;
  version: Version;
  onChanged: () => void;
}) {
  const state = VERSION_STATES[version.state];
  const until = version.validUntil ? ` until ${formatTime(version.validUntil, 'date-time')}` : '';
  return (
    <li className="row">
      <div className="row-main stack">
        <p className="row-title">
          Version {version.version}, {version.name}
        </p>
        <p>
          Valid from {formatTime(version.validFrom, 'date-time')}
          {until}
        </p>
        {version.changes.length > 0 && (
          <ul>
            {version.changes.map((change) => (
              <li key={change}>{change}</li>
            ))}
          </ul>
        )}
        {version.note && <p>{version.note}</p>}
        <p className="quiet">Published {formatTime(version.publishedAt, 'date-time')}</p>
        {version.state === 'PLANNED' && (
          <Withdraw tariffId={tariffId} version={version.version} onDone={onChanged} />
        )}
      </div>
      <Badge tone={state.tone}>{state.text}</Badge>
    </li>
  );
}

function Withdraw({ tariffId, version, onDone }: { tariffId: string; version: number; onDone: () => void }) {
  const { client } = useApi();
  const { role } = useAccount();
  const task = useTask();
  const [isAsked, setAsked] = useState(false);
  if (!mayAct(role)) return null;
  const withdraw = () => {
    setAsked(false);
    task.run(async () => {
      await client.mutate({
        mutation: WithdrawTariffVersionDocument,
        variables: { input: { tariffId, version } },
      });
      onDone();
      return undefined;
    });
  };
  return (
    <div className="form-actions">
      {task.problem && <Notice tone="bad">{task.problem}</Notice>}
      <Button look="danger" onClick={() => setAsked(true)}>
        Withdraw…
      </Button>
      {isAsked && (
        <ConfirmDialog
          title={`Withdraw version ${version}?`}
          confirm="Withdraw it"
          danger
          onConfirm={withdraw}
          onCancel={() => setAsked(false)}
        >
          It never becomes valid. It stays in the history.
        </ConfirmDialog>
      )}
    </div>
  );
}
