import { useParams } from 'react-router';
import { StationConnectionDocument, type StationConnectionQuery } from '../../api/documents/connections.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { CopyButton } from '../../ui/copy-button.js';
import { Facts } from '../../ui/figures.js';
import { LOCALE, formatNumber, formatTime } from '../../ui/format.js';
import { Card } from '../../ui/page.js';
import { PagedList } from '../../ui/paged-list.js';
import { useCursorPages } from '../../ui/pagination.js';
import { Empty } from '../../ui/states.js';
import { setupFieldText } from '../../words/wire-words.js';
import { ConnectionAttemptRow } from './connection-attempt-row.js';
import { StationFrame } from './station-frame.js';

const PAGE_SIZE = 10;
type Station = NonNullable<StationConnectionQuery['station']>;

/** How a station is connected, what to type into it, and how it came to the door lately. */
export function StationConnectionPage() {
  const { id = '' } = useParams();
  const pages = useCursorPages();
  const query = useLiveQuery(StationConnectionDocument, {
    variables: { id, first: PAGE_SIZE, after: pages.after },
    pollMs: 5_000,
  });
  const station = query.data?.station;
  return (
    <StationFrame id={id} station={station}>
      {station && (
        <div className="columns">
          <Connection connection={station.connection} />
          <Setup fields={station.setupFields ?? []} />
          <Deviations seen={station.deviations ?? []} />
        </div>
      )}
      <h2>How it came</h2>
      <PagedList
        query={query}
        list={station?.connectionAttempts}
        pages={pages}
        size={PAGE_SIZE}
        of="attempts"
        label="Attempts to connect"
        empty={
          <Empty icon="station" title="It has not come yet">
            Type what stands above into the charger’s own setup page. When it comes, what it asked for appears
            here, also when it is refused.
          </Empty>
        }
      >
        {(node) => <ConnectionAttemptRow key={node.id} attempt={node} linked={false} />}
      </PagedList>
    </StationFrame>
  );
}

function Connection({ connection }: { connection: Station['connection'] }) {
  return (
    <Card title={connection?.online ? 'Connection' : 'Last connection'}>
      {connection ? (
        <Facts
          rows={[
            ['Version', connection.protocol],
            ['Came from', connection.remoteIp],
            ['Since', formatTime(connection.since, 'date-time')],
            ['Last sign of life', formatTime(connection.lastSeenAt, 'date-time')],
            ['Ended', connection.disconnectedAt && formatTime(connection.disconnectedAt, 'date-time')],
            ['Connections so far', String(connection.generation)],
            ['Held by', connection.pod],
          ]}
        />
      ) : (
        <Empty icon="station" title="Never connected" />
      )}
    </Card>
  );
}

function Setup({ fields }: { fields: readonly { field: string; value: string }[] }) {
  if (fields.length === 0) return null;
  return (
    <Card title="What to type into the charger">
      <ul className="rows">
        {fields.map(({ field, value }) => (
          <li className="row" key={field}>
            <div className="row-main">
              <p className="quiet">{setupFieldText(field)}</p>
              <code className="wire-value">{value}</code>
            </div>
            <CopyButton text={value}>Copy</CopyButton>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** By the names that the log and the API have for them: who writes to the maker needs those. */
function Deviations({ seen }: { seen: NonNullable<Station['deviations']> }) {
  if (seen.length === 0) return null;
  return (
    <Card title="Leaves the specification">
      <Facts
        rows={seen.map(({ kind, messages, lastAt }) => [
          kind.replaceAll('_', ' '),
          `${formatNumber(messages, LOCALE)} ${messages === 1 ? 'message' : 'messages'}, last ${formatTime(lastAt, 'date-time')}`,
        ])}
      />
    </Card>
  );
}
