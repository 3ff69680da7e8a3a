import { useState } from 'react';
import { Link } from 'react-router';
import { TokenUsesDocument, type MyTokenParts, type TokenUseParts } from '../../api/documents/cards.js';
import { useCardActions } from './use-card-actions.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { useTask } from '../../api/use-task.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { Time } from '../../ui/figures.js';
import { formatTime } from '../../ui/format.js';
import { Card } from '../../ui/page.js';
import { Pagination, useCursorPages } from '../../ui/pagination.js';
import { Empty, Loaded, Notice } from '../../ui/states.js';
import { cardName, usedPlace, usedWord } from '../../words/card-words.js';
import type { Outcome } from '../../words/outcome-words.js';
import { BlockDialog } from './block-dialog.js';

const PAGE_SIZE = 20;

interface CardUsesProps {
  readonly tokens: readonly MyTokenParts[];
  /** Id of a card; empty: all. */
  readonly chosen: string;
  readonly onChoose: (tokenId: string) => void;
}

/** Each time a card was shown: where, when, and how it went. Whoever did not do that blocks the card from here. */
export function CardUses({ tokens, chosen, onChoose }: CardUsesProps) {
  const pages = useCursorPages();
  const actions = useCardActions();
  const task = useTask();
  const [asks, setAsks] = useState<TokenUseParts>();
  const [outcome, setOutcome] = useState<Outcome>();
  const query = useLiveQuery(TokenUsesDocument, {
    variables: { first: PAGE_SIZE, after: pages.after, tokenId: chosen || null },
    pollMs: 15_000,
  });
  const ofUse = ({ tokenId }: TokenUseParts) => tokens.find(({ id }) => id === tokenId);
  const block = (use: TokenUseParts, reason: string, stops: boolean) => {
    setAsks(undefined);
    task.run(async () => {
      setOutcome(await actions.block(use.tokenId, reason, stops));
      return undefined;
    });
  };
  return (
    <Card title="Who used them">
      {tokens.length > 1 && (
        <label className="field">
          <span>Card</span>
          <select
            value={chosen}
            onChange={(event) => {
              onChoose(event.target.value);
              pages.reset();
            }}
          >
            <option value="">All</option>
            {tokens.map((token) => (
              <option key={token.id} value={token.id}>
                {cardName(token)}
              </option>
            ))}
          </select>
        </label>
      )}
      {task.problem && <Notice tone="bad">{task.problem}</Notice>}
      {outcome && !task.problem && <Notice tone={outcome.tone}>{outcome.text}</Notice>}
      <Loaded
        data={query.data?.tokenUses}
        error={query.error}
        isLoading={query.isLoading}
        onRetry={query.refetch}
      >
        {({ edges, pageInfo }) =>
          edges.length === 0 ? (
            <Empty icon="check" title="Not used yet">
              Each time one of your cards is shown at a station it appears here.
            </Empty>
          ) : (
            <>
              <ul className="rows" aria-label="Uses of your cards">
                {edges.map(({ node }) => (
                  <UseRow
                    key={node.id}
                    use={node}
                    token={ofUse(node)}
                    busy={task.isBusy}
                    onNotMe={() => setAsks(node)}
                  />
                ))}
              </ul>
              <Pagination pages={pages} size={PAGE_SIZE} shown={edges.length} pageInfo={pageInfo} of="uses" />
            </>
          )
        }
      </Loaded>
      {asks && (
        <BlockDialog
          title="Was this not you?"
          isCharging={(ofUse(asks)?.openSessions.length ?? 0) > 0 || asks.runningSession !== null}
          reason={`Not me: ${usedPlace(asks)}, ${formatTime(asks.at, 'date-time')}`}
          onBlock={(reason, stops) => block(asks, reason, stops)}
          onCancel={() => setAsks(undefined)}
        />
      )}
    </Card>
  );
}

interface UseRowProps {
  readonly use: TokenUseParts;
  readonly token: MyTokenParts | undefined;
  readonly busy: boolean;
  readonly onNotMe: () => void;
}

function UseRow({ use, token, busy, onNotMe }: UseRowProps) {
  const word = usedWord(use);
  return (
    <li className="row">
      <div className="row-main">
        <p className="row-title">{usedPlace(use)}</p>
        <p className="quiet">
          <Time iso={use.at}>{formatTime(use.at, 'date-time')}</Time>
          {token && ` · ${cardName(token)}`}
        </p>
        {use.runningSession && <Link to={`/sessions/${use.runningSession.id}`}>It charges now: see it</Link>}
      </div>
      <Badge tone={word.tone}>{word.text}</Badge>
      {token?.status === 'ACTIVE' && (
        <Button look="plain" disabled={busy} onClick={onNotMe}>
          Not me…<span className="visually-hidden"> {usedPlace(use)}</span>
        </Button>
      )}
    </li>
  );
}
