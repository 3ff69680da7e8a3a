import { useState } from 'react';
import { Link } from 'react-router';
import { useApi } from '../../api/api-context.js';
import { RemoveTariffSourceDocument, type TariffSourceParts } from '../../api/documents/prices.js';
import { useTask } from '../../api/use-task.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { ConfirmDialog } from '../../ui/confirm-dialog.js';
import { formatTime } from '../../ui/format.js';
import { Notice } from '../../ui/states.js';
import { inputOf, ruleText, sourceFailureText, sourceWord } from '../../words/tariff-source-words.js';
import { TariffSourceForm } from './tariff-source-form.js';
import { TariffSourcePreview } from './tariff-source-preview.js';

interface TariffSourceRowProps {
  readonly source: TariffSourceParts;
  readonly onChanged: () => void;
}

/** One tariff that is made: from what, how that goes, and the prices it would have now. */
export function TariffSourceRow({ source, onChanged }: TariffSourceRowProps) {
  const { client } = useApi();
  const task = useTask();
  const [opened, setOpened] = useState<'prices' | 'change' | 'stop'>();
  const { tariffId, name, madeAt } = source;
  const [word, failure] = [sourceWord(source), sourceFailureText(source)];
  const stop = () => {
    setOpened(undefined);
    task.run(async () => {
      await client.mutate({ mutation: RemoveTariffSourceDocument, variables: { input: { tariffId } } });
      onChanged();
      return undefined;
    });
  };
  return (
    <li className="row" data-made-tariff={tariffId}>
      <div className="row-main stack">
        <p className="row-title">
          <Link to={`/tariffs/${encodeURIComponent(tariffId)}`}>{name}</Link>{' '}
          <Badge tone={word.tone}>{word.text}</Badge>
        </p>
        <p>{ruleText(source)}</p>
        <p className="quiet">
          {tariffId}
          {madeAt && `, looked at ${formatTime(madeAt, 'date-time')}`}
        </p>
        {failure && <Notice tone="bad">{failure}</Notice>}
        {task.problem && <Notice tone="bad">{task.problem}</Notice>}
        {opened === 'prices' && <TariffSourcePreview input={inputOf(source)} />}
        {opened === 'change' ? (
          <TariffSourceForm
            held={source}
            onDone={(isSaved) => {
              setOpened(undefined);
              if (isSaved) onChanged();
            }}
          />
        ) : (
          <div className="form-actions">
            <Button
              aria-expanded={opened === 'prices'}
              onClick={() => setOpened(opened === 'prices' ? undefined : 'prices')}
            >
              {opened === 'prices' ? 'Hide its prices' : 'Show its prices'}
              <span className="visually-hidden"> {name}</span>
            </Button>
            <Button onClick={() => setOpened('change')}>
              Change…<span className="visually-hidden"> {name}</span>
            </Button>
            <Button busy={task.isBusy ? 'One moment…' : undefined} onClick={() => setOpened('stop')}>
              Make no more…<span className="visually-hidden"> {name}</span>
            </Button>
          </div>
        )}
      </div>
      {opened === 'stop' && (
        <ConfirmDialog
          title={`Make no more versions of ${name}?`}
          confirm="Make no more"
          danger
          onConfirm={stop}
          onCancel={() => setOpened(undefined)}
        >
          What was made stays valid until another version is applied.
        </ConfirmDialog>
      )}
    </li>
  );
}
