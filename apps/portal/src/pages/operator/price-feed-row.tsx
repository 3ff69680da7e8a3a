import { useState } from 'react';
import { useApi } from '../../api/api-context.js';
import {
  RemovePriceFeedDocument,
  SetPriceFeedDocument,
  type PriceFeedParts,
} from '../../api/documents/prices.js';
import { useTask } from '../../api/use-task.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { ConfirmDialog } from '../../ui/confirm-dialog.js';
import { formatAgo } from '../../ui/format.js';
import { Notice } from '../../ui/states.js';
import { useNow } from '../../ui/use-now.js';
import { feedFailureText, feedHealth, feedName } from '../../words/price-feed-words.js';
import { FeedPrices } from './feed-prices.js';
import { PriceFeedForm } from './price-feed-form.js';

interface PriceFeedRowProps {
  readonly feed: PriceFeedParts;
  readonly onChanged: () => void;
}

/** One market: its prices, how asking it goes, and what is changed about it. */
export function PriceFeedRow({ feed, onChanged }: PriceFeedRowProps) {
  const { client } = useApi();
  const task = useTask();
  const now = useNow(30_000);
  const [asks, setAsks] = useState<'change' | 'remove'>();
  const { source, area, currency, timeZone, publishMinute, alertMinute, answeredAt, dueAt } = feed;
  const [name, health, failure] = [feedName(feed), feedHealth(feed), feedFailureText(feed)];

  const tryNow = () =>
    task.run(async () => {
      // Saved as it is, it is asked at once.
      await client.mutate({
        mutation: SetPriceFeedDocument,
        variables: { input: { source, area, currency, timeZone, publishMinute, alertMinute } },
      });
      onChanged();
      return undefined;
    });
  const remove = () => {
    setAsks(undefined);
    task.run(async () => {
      await client.mutate({ mutation: RemovePriceFeedDocument, variables: { input: { source, area } } });
      onChanged();
      return undefined;
    });
  };

  return (
    <li className="row" data-feed={`${source} ${area}`}>
      <div className="row-main stack">
        <p className="row-title">
          {name} <Badge tone={health.tone}>{health.text}</Badge>
        </p>
        <FeedPrices feed={feed} />
        <p className="quiet">
          {answeredAt ? `Answered ${formatAgo(answeredAt, now)}` : 'Has not answered yet'}
          {dueAt &&
            (Date.parse(dueAt) <= now ? ' · is being asked' : ` · asked again ${formatAgo(dueAt, now)}`)}
        </p>
        {failure && <Notice tone="bad">{failure}</Notice>}
        {task.problem && <Notice tone="bad">{task.problem}</Notice>}
        {asks === 'change' ? (
          <PriceFeedForm
            feed={feed}
            onDone={(isSaved) => {
              setAsks(undefined);
              if (isSaved) onChanged();
            }}
          />
        ) : (
          <div className="form-actions">
            <Button busy={task.isBusy ? 'One moment…' : undefined} onClick={tryNow}>
              Ask it now<span className="visually-hidden">: {name}</span>
            </Button>
            <Button onClick={() => setAsks('change')}>
              Change…<span className="visually-hidden"> {name}</span>
            </Button>
            <Button onClick={() => setAsks('remove')}>
              Remove…<span className="visually-hidden"> {name}</span>
            </Button>
          </div>
        )}
      </div>
      {asks === 'remove' && (
        <ConfirmDialog
          title={`Ask ${name} no more?`}
          confirm="Remove it"
          danger
          onConfirm={remove}
          onCancel={() => setAsks(undefined)}
        >
          What it said stays. Tariffs that follow it cost what their fallback says when that is over.
        </ConfirmDialog>
      )}
    </li>
  );
}
