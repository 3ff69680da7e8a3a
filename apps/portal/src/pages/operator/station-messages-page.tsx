import { useState } from 'react';
import { useParams } from 'react-router';
import { StationFramesDocument, type StationFramesQuery } from '../../api/documents/frames.js';
import type { WireFrameFilter } from '../../api/documents/inputs.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { Time } from '../../ui/figures.js';
import { LOCALE, formatNumber, formatTime } from '../../ui/format.js';
import { PagedList } from '../../ui/paged-list.js';
import { useCursorPages } from '../../ui/pagination.js';
import { SearchField } from '../../ui/search-field.js';
import { Empty } from '../../ui/states.js';
import { useSettled } from '../../ui/use-settled.js';
import { frameTitle, indented } from '../../words/wire-words.js';
import { StationFrame } from './station-frame.js';

const PAGE_SIZE = 25;
type Direction = NonNullable<WireFrameFilter['direction']>;
type Frame = NonNullable<NonNullable<StationFramesQuery['station']>['frames']>['edges'][number]['node'];

/** What went over a station's wire, latest first. */
export function StationMessagesPage() {
  const { id = '' } = useParams();
  const [contains, setContains] = useState('');
  const [action, setAction] = useState('');
  const [direction, setDirection] = useState<Direction | ''>('');
  const pages = useCursorPages();
  const text = useSettled(contains.trim(), 300);
  const name = useSettled(action.trim(), 300);
  const query = useLiveQuery(StationFramesDocument, {
    variables: {
      id,
      first: PAGE_SIZE,
      after: pages.after,
      filter: { contains: text || null, action: name || null, direction: direction || null },
    },
    // Whoever reads an older page does not want it to move.
    pollMs: pages.page === 0 ? 3_000 : 0,
  });
  const station = query.data?.station;
  const isFiltered = text !== '' || name !== '' || direction !== '';
  return (
    <StationFrame id={id} station={station}>
      <form className="filters" role="search" onSubmit={(event) => event.preventDefault()}>
        <SearchField label="Search the text" value={contains} onChange={pages.anew(setContains)} />
        <label className="field">
          <span>Sent by</span>
          <select
            value={direction}
            onChange={(event) => pages.anew(setDirection)(event.target.value as Direction | '')}
          >
            <option value="">Either</option>
            <option value="RECEIVED">The station</option>
            <option value="SENT">Kilowatch</option>
          </select>
        </label>
        <label className="field">
          <span>Action</span>
          <input
            value={action}
            placeholder="MeterValues"
            onChange={(event) => pages.anew(setAction)(event.target.value)}
          />
        </label>
      </form>
      <PagedList
        query={query}
        list={station?.frames}
        pages={pages}
        size={PAGE_SIZE}
        of="messages"
        label="Messages"
        rows={8}
        empty={
          <Empty icon="pulse" title={isFiltered ? 'No message matches' : 'No messages'}>
            {isFiltered
              ? 'Loosen the search or the filters.'
              : 'What a station sends and is sent is kept for a day. Card numbers and passwords are masked.'}
          </Empty>
        }
      >
        {(node) => <FrameRow key={node.id} frame={node} />}
      </PagedList>
    </StationFrame>
  );
}

function FrameRow({ frame }: { frame: Frame }) {
  const { at, text, truncated, length } = frame;
  return (
    <li className="row" data-frame={frame.direction}>
      <details className="wire-details row-main">
        <summary className="wire-summary">
          <span className="row-title">{frameTitle(frame)}</span>{' '}
          <span className="quiet">
            <Time iso={at}>{formatTime(at, 'time-seconds')}</Time>
          </span>
          <code className="wire-line">{text}</code>
        </summary>
        <pre className="wire-text">{indented(text)}</pre>
        {truncated && <p className="quiet">Cut: the whole has {formatNumber(length, LOCALE)} characters.</p>}
      </details>
    </li>
  );
}
