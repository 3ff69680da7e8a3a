import { useParams } from 'react-router';
import { StationCommandLogDocument, type StationCommandLogQuery } from '../../api/documents/frames.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { Badge } from '../../ui/badge.js';
import { Time } from '../../ui/figures.js';
import { formatTime } from '../../ui/format.js';
import { PagedList } from '../../ui/paged-list.js';
import { useCursorPages } from '../../ui/pagination.js';
import { Empty } from '../../ui/states.js';
import { commandNote, commandWord } from '../../words/wire-words.js';
import { StationFrame } from './station-frame.js';

const PAGE_SIZE = 20;
type Command = NonNullable<
  NonNullable<StationCommandLogQuery['station']>['commands']
>['edges'][number]['node'];

/** What a station was told to do, by whom, and how it ended. */
export function StationCommandsPage() {
  const { id = '' } = useParams();
  const pages = useCursorPages();
  const query = useLiveQuery(StationCommandLogDocument, {
    variables: { id, first: PAGE_SIZE, after: pages.after },
    pollMs: pages.page === 0 ? 5_000 : 0,
  });
  const station = query.data?.station;
  return (
    <StationFrame id={id} station={station}>
      <PagedList
        query={query}
        list={station?.commands}
        pages={pages}
        size={PAGE_SIZE}
        of="commands"
        label="Commands"
        empty={
          <Empty icon="station" title="No commands yet">
            What people and Kilowatch itself tell this station stands here, with its answer.
          </Empty>
        }
      >
        {(node) => <CommandRow key={node.id} command={node} />}
      </PagedList>
    </StationFrame>
  );
}

function CommandRow({ command }: { command: Command }) {
  const { text, tone } = commandWord(command);
  const note = commandNote(command);
  return (
    <li className="row" data-command={command.action}>
      <div className="row-main">
        <p className="row-title">{command.action}</p>
        {note && note !== text && <p>{note}</p>}
        <p className="quiet">
          <Time iso={command.requestedAt}>{formatTime(command.requestedAt, 'date-time')}</Time> · by{' '}
          {command.requestedBy}
        </p>
        <details className="wire-details">
          <summary>
            What it was told<span className="visually-hidden"> by {command.action}</span>
          </summary>
          <pre className="wire-text">{JSON.stringify(command.payload, undefined, 2)}</pre>
        </details>
      </div>
      <Badge tone={tone}>{text}</Badge>
    </li>
  );
}
