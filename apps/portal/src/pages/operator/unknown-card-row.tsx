import { useState, type FormEvent } from 'react';
import { useApi } from '../../api/api-context.js';
import {
  ApproveUnknownTokenDocument,
  IgnoreUnknownTokenDocument,
  type UnknownTokenParts,
} from '../../api/documents/unknown-tokens.js';
import { useTask } from '../../api/use-task.js';
import { Button } from '../../ui/button.js';
import { Field, fieldOf } from '../../ui/field.js';
import { Time } from '../../ui/figures.js';
import { formatAgo } from '../../ui/format.js';
import { Notice } from '../../ui/states.js';
import { useNow } from '../../ui/use-now.js';
import { shownWhereText, unknownCardName } from '../../words/unknown-card-words.js';

interface UnknownCardRowProps {
  readonly card: UnknownTokenParts;
  readonly onChanged: () => void;
}

/** One unknown card, and whose it becomes. */
export function UnknownCardRow({ card, onChanged }: UnknownCardRowProps) {
  const { client } = useApi();
  const now = useNow(15_000);
  const task = useTask();
  const [asks, setAsks] = useState(false);
  const { id, ignored, lastSeen, times } = card;
  const name = unknownCardName(card);

  const approve = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (field: string) => fieldOf(form, field).trim() || null;
    task.run(async () => {
      await client.mutate({
        mutation: ApproveUnknownTokenDocument,
        variables: {
          input: {
            id,
            accountEmail: text('email'),
            groupId: text('group'),
            allowConcurrent: form.get('concurrent') !== null,
          },
        },
      });
      onChanged();
      return undefined;
    });
  };
  const ignore = () =>
    task.run(async () => {
      await client.mutate({
        mutation: IgnoreUnknownTokenDocument,
        variables: { input: { id, ignored: !ignored } },
      });
      onChanged();
      return undefined;
    });

  return (
    <li className="row" data-unknown-card={card.masked}>
      <div className="row-main">
        <p className="row-title">{name}</p>
        <p>{shownWhereText(card)}</p>
        <p className="quiet">
          {times === 1 ? 'shown once' : `shown ${times} times`} · last{' '}
          <Time iso={lastSeen}>{formatAgo(lastSeen, now)}</Time>
        </p>
        {task.problem && <Notice tone="bad">{task.problem}</Notice>}
      </div>
      {asks ? (
        <form className="stack" onSubmit={approve}>
          <Field
            label="Driver’s e-mail"
            name="email"
            type="email"
            hint="Whose it is: they pay for what it charges. Without one it belongs to nobody."
            autoFocus
          />
          <Field
            label="Group"
            name="group"
            maxLength={100}
            hint="A fleet whose cards stop each other’s sessions."
          />
          <label className="check">
            <input type="checkbox" name="concurrent" />
            <span>May charge at several stations at once</span>
          </label>
          <div className="form-actions">
            <Button type="submit" look="primary" busy={task.isBusy ? 'Taking it in…' : undefined}>
              Let it charge
            </Button>
            <Button onClick={() => setAsks(false)}>Cancel</Button>
          </div>
        </form>
      ) : (
        <div className="row-actions">
          <Button onClick={() => setAsks(true)}>
            Take in…<span className="visually-hidden"> {name}</span>
          </Button>
          <Button busy={task.isBusy ? 'One moment…' : undefined} onClick={ignore}>
            {ignored ? 'List again' : 'Ignore'}
            <span className="visually-hidden"> {name}</span>
          </Button>
        </div>
      )}
    </li>
  );
}
