import { useState, type FormEvent } from 'react';
import { useApi } from '../../api/api-context.js';
import type { TariffGroupMemberInput } from '../../api/documents/inputs.js';
import {
  SetTariffGroupDocument,
  TariffGroupMembersDocument,
  type TariffGroupMembersQuery,
} from '../../api/documents/price-groups.js';
import { findPerson, findStation } from '../../api/find-person.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { useLocations } from '../../api/use-locations.js';
import { useTask } from '../../api/use-task.js';
import { Button } from '../../ui/button.js';
import { Field, fieldOf } from '../../ui/field.js';
import { LocationField } from '../../ui/location-field.js';
import { PagedList } from '../../ui/paged-list.js';
import { useCursorPages } from '../../ui/pagination.js';
import { Empty, Notice } from '../../ui/states.js';

type Member = TariffGroupMembersQuery['tariffGroupMembers']['edges'][number]['node'];
type Kind = Member['kind'];

const PAGE_SIZE = 20;
const KINDS: Readonly<Record<Kind, string>> = { DRIVER: 'Driver', STATION: 'Station', LOCATION: 'Location' };

interface GroupMembersProps {
  readonly group: { readonly id: string; readonly name: string };
  readonly onChanged: () => void;
}

/** Who and what is in a group. */
export function GroupMembers({ group: { id, name }, onChanged }: GroupMembersProps) {
  const { client } = useApi();
  const task = useTask();
  const pages = useCursorPages();
  const query = useLiveQuery(TariffGroupMembersDocument, {
    variables: { groupId: id, first: PAGE_SIZE, after: pages.after },
    fallbackPollMs: 0,
  });
  const change = async (input: { add?: TariffGroupMemberInput[]; remove?: TariffGroupMemberInput[] }) => {
    await client.mutate({ mutation: SetTariffGroupDocument, variables: { input: { id, name, ...input } } });
    query.refetch();
    onChanged();
  };
  const add = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const element = event.currentTarget;
    const form = new FormData(element);
    task.run(async () => {
      const kind = fieldOf(form, 'kind') as Kind;
      const which = fieldOf(form, 'which');
      const found =
        kind === 'DRIVER'
          ? await findPerson(client, which)
          : kind === 'STATION'
            ? await findStation(client, which)
            : { id: which };
      if ('problem' in found) return found.problem;
      await change({ add: [{ kind, ref: found.id }] });
      element.reset();
      return undefined;
    });
  };
  const remove = ({ kind, ref }: Member) =>
    task.run(async () => {
      await change({ remove: [{ kind, ref }] });
      return undefined;
    });
  return (
    <section className="stack" aria-label={`Members of ${name}`}>
      {task.problem && <Notice tone="bad">{task.problem}</Notice>}
      <PagedList
        query={query}
        list={query.data?.tariffGroupMembers}
        pages={pages}
        size={PAGE_SIZE}
        of="members"
        label={`Members of ${name}`}
        rows={3}
        empty={<Empty icon="person" title="Nobody is in it yet" />}
      >
        {(member) => (
          <li className="row" key={`${member.kind} ${member.ref}`}>
            <div className="row-main">
              <p>{memberName(member)}</p>
              <p className="quiet">{KINDS[member.kind]}</p>
            </div>
            <Button busy={task.isBusy ? 'One moment…' : undefined} onClick={() => remove(member)}>
              Take out<span className="visually-hidden"> {memberName(member)}</span>
            </Button>
          </li>
        )}
      </PagedList>
      <AddMember onSubmit={add} isBusy={task.isBusy} />
    </section>
  );
}

function AddMember({
  onSubmit,
  isBusy,
}: {
  readonly onSubmit: (event: FormEvent<HTMLFormElement>) => void;
  readonly isBusy: boolean;
}) {
  const [kind, setKind] = useState<Kind>('DRIVER');
  const locations = useLocations();
  return (
    <form className="stack" onSubmit={onSubmit}>
      <label className="field">
        <span>What comes in</span>
        <select name="kind" value={kind} onChange={(event) => setKind(event.target.value as Kind)}>
          {Object.entries(KINDS).map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      </label>
      {kind === 'LOCATION' ? (
        <LocationField name="which" locations={locations} />
      ) : (
        <Field
          key={kind}
          label={kind === 'DRIVER' ? 'Driver’s e-mail' : 'Identity or name of the station'}
          name="which"
          required
        />
      )}
      <div className="form-actions">
        <Button type="submit" busy={isBusy ? 'One moment…' : undefined}>
          Put it in
        </Button>
      </div>
    </form>
  );
}

/** What people call a member; its id where who keeps the name is away. */
function memberName({ account, station, location, ref }: Member): string {
  if (account) return `${account.displayName} (${account.email})`;
  if (station) return `${station.name} (${station.identity})`;
  return location?.name ?? ref;
}
