import { useState } from 'react';
import type { TariffGroupsQuery } from '../../api/documents/price-groups.js';
import { Button } from '../../ui/button.js';
import { GroupMembers } from './group-members.js';
import { GroupTariffs } from './group-tariffs.js';

type Group = TariffGroupsQuery['tariffGroups']['edges'][number]['node'];

/** One group: what it costs, and who and what is in it when it is opened. */
export function TariffGroupRow({
  group,
  onChanged,
}: {
  readonly group: Group;
  readonly onChanged: () => void;
}) {
  const [isOpen, setOpen] = useState(false);
  const { name, memberCount } = group;
  return (
    <li className="row" data-group={name}>
      <div className="row-main stack">
        <p className="row-title">{name}</p>
        <p>{memberCount === 1 ? '1 member' : `${memberCount} members`}</p>
        <div className="form-actions">
          <Button aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {isOpen ? 'Close' : 'Open'}
            <span className="visually-hidden"> {name}</span>
          </Button>
        </div>
        {isOpen && (
          <>
            <GroupTariffs groupId={group.id} />
            <GroupMembers group={group} onChanged={onChanged} />
          </>
        )}
      </div>
    </li>
  );
}
