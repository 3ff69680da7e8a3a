import type { StationParts } from '../../api/documents/stations.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { formatAgo, formatPower } from '../../ui/format.js';
import { Card } from '../../ui/page.js';
import { useNow } from '../../ui/use-now.js';
import { connectorPowerW, connectorStandardText, currentTypeText } from '../../words/session-words.js';
import { CONNECTOR_WORDS, connectorProblem } from '../../words/station-words.js';
import type { StationCommandPort } from './use-station-commands.js';

interface ConnectorListProps {
  readonly station: StationParts;
  /** Undefined for who only looks. */
  readonly commands: StationCommandPort | undefined;
}

export function ConnectorList({ station, commands }: ConnectorListProps) {
  return (
    <Card title="Connectors" id="connectors">
      <ul className="rows">
        {station.evses.flatMap(({ id, number, connectors }) =>
          connectors.map((connector) => (
            <ConnectorItem
              key={`${id}-${connector.id}`}
              evseNumber={number}
              connector={connector}
              isOnline={station.online}
              commands={commands}
            />
          )),
        )}
      </ul>
    </Card>
  );
}

interface ConnectorItemProps {
  readonly evseNumber: number;
  readonly connector: StationParts['evses'][number]['connectors'][number];
  readonly isOnline: boolean;
  /** Undefined for who only looks. */
  readonly commands: StationCommandPort | undefined;
}

function ConnectorItem({ evseNumber, connector, isOnline, commands }: ConnectorItemProps) {
  const now = useNow(30_000);
  const word = CONNECTOR_WORDS[connector.status];
  const problem = connectorProblem(connector);
  const place = { evseNumber, connectorNumber: connector.number };
  const isBusy = commands?.running !== undefined;
  const name = `point ${evseNumber}, connector ${connector.number}`;
  const isOut = connector.status === 'UNAVAILABLE';
  return (
    <li className="row connector-row" data-status={connector.status}>
      <div className="row-main">
        <p className="row-title">
          Point {evseNumber} · {connectorStandardText(connector.standard)}
        </p>
        <p className="quiet">
          {currentTypeText(connector.powerType)} up to {formatPower(connectorPowerW(connector))},{' '}
          {connector.maxCurrentA} A
          {connector.statusSince && ` · since ${formatAgo(connector.statusSince, now)}`}
        </p>
        {problem && (
          <p className="row-problem">
            {problem}
            {connector.vendorErrorCode && ` (${connector.vendorErrorCode})`}
          </p>
        )}
      </div>
      <Badge tone={isOnline ? word.tone : 'quiet'}>{word.text}</Badge>
      {commands && (
        <div className="row-actions">
          <Button disabled={isBusy} onClick={() => commands.unlock(place)}>
            Unlock<span className="visually-hidden"> {name}</span>
          </Button>
          <Button disabled={isBusy} onClick={() => commands.setAvailable(isOut, place)}>
            {isOut ? 'Put into service' : 'Take out'}
            <span className="visually-hidden">: {name}</span>
          </Button>
        </div>
      )}
    </li>
  );
}
