import type { FormEvent } from 'react';
import { useApi } from '../../api/api-context.js';
import {
  AssignTariffDocument,
  EndTariffAssignmentDocument,
  TariffAssignmentsOfDocument,
} from '../../api/documents/price-groups.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { useTask } from '../../api/use-task.js';
import { Button } from '../../ui/button.js';
import { Field, fieldOf } from '../../ui/field.js';
import { formatTime } from '../../ui/format.js';
import { Loaded, Notice } from '../../ui/states.js';
import { useNow } from '../../ui/use-now.js';
import { subscriptionWord } from '../../words/tariff-words.js';

/** The tariffs of a group, now and later. */
export function GroupTariffs({ groupId }: { readonly groupId: string }) {
  const { client } = useApi();
  const task = useTask();
  const now = useNow(60_000);
  const query = useLiveQuery(TariffAssignmentsOfDocument, {
    variables: { first: 20, filter: { scope: 'GROUP', ref: groupId } },
    fallbackPollMs: 0,
  });
  const assign = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const tariffId = fieldOf(new FormData(form), 'tariff').trim();
    task.run(async () => {
      const { data } = await client.mutate({
        mutation: AssignTariffDocument,
        variables: { input: { tariffId, scope: 'GROUP', ref: groupId } },
      });
      form.reset();
      query.refetch();
      const [finding] = data?.assignTariff.findings ?? [];
      return finding && `It was assigned, but ${finding.country}: ${finding.reason}`;
    });
  };
  const end = (id: string) =>
    task.run(async () => {
      await client.mutate({ mutation: EndTariffAssignmentDocument, variables: { input: { id } } });
      query.refetch();
      return undefined;
    });
  return (
    <section className="stack" aria-label="Tariffs of the group">
      {task.problem && <Notice tone="bad">{task.problem}</Notice>}
      <Loaded
        data={query.data?.tariffAssignments}
        error={query.error}
        isLoading={query.isLoading}
        onRetry={query.refetch}
      >
        {({ edges }) => {
          const shown = edges.filter(({ node }) => subscriptionWord(node, now).text !== 'Over');
          return shown.length === 0 ? (
            <p>It has no tariff: its members pay the usual price.</p>
          ) : (
            <ul className="rows">
              {shown.map(({ node: { id, tariff, validFrom, validUntil } }) => (
                <li key={id} className="row">
                  <p className="row-main">
                    {tariff.name} ({tariff.id}) from {formatTime(validFrom, 'date-time')}
                    {validUntil && ` until ${formatTime(validUntil, 'date-time')}`}
                  </p>
                  <Button busy={task.isBusy ? 'One moment…' : undefined} onClick={() => end(id)}>
                    End it<span className="visually-hidden"> {tariff.name}</span>
                  </Button>
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
      <form className="stack" onSubmit={assign}>
        <Field
          label="Give it the tariff"
          name="tariff"
          maxLength={36}
          hint="Its id. Counts from now on."
          required
        />
        <div className="form-actions">
          <Button type="submit" busy={task.isBusy ? 'One moment…' : undefined}>
            Assign
          </Button>
        </div>
      </form>
    </section>
  );
}
