import { useState } from 'react';
import { useApi } from '../../api/api-context.js';
import {
  EndOtherSignInSessionsDocument,
  EndSignInSessionDocument,
  SignInSessionsDocument,
  type SignInSessionParts,
} from '../../api/documents/security.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { useTask } from '../../api/use-task.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { ConfirmDialog } from '../../ui/confirm-dialog.js';
import { Time } from '../../ui/figures.js';
import { formatAgo, formatTime } from '../../ui/format.js';
import { Card } from '../../ui/page.js';
import { Pagination, useCursorPages } from '../../ui/pagination.js';
import { Loaded, Notice } from '../../ui/states.js';
import { useNow } from '../../ui/use-now.js';
import { endedText, signInMethodText } from '../../words/security-words.js';

const PAGE_SIZE = 10;

/** Where the account is signed in; any one, or all but this one, can be ended. */
export function SignInsCard() {
  const { client } = useApi();
  const pages = useCursorPages();
  const task = useTask();
  const [asks, setAsks] = useState(false);
  const [done, setDone] = useState<string>();
  const query = useLiveQuery(SignInSessionsDocument, {
    variables: { first: PAGE_SIZE, after: pages.after },
    pollMs: 60_000,
  });
  const refetchQueries = [SignInSessionsDocument];
  const end = (sessionId: string) =>
    task.run(async () => {
      setDone(undefined);
      const { data } = await client.mutate({
        mutation: EndSignInSessionDocument,
        variables: { input: { sessionId } },
        refetchQueries,
        awaitRefetchQueries: true,
      });
      setDone(endedText(data?.endSignInSession.ended ?? 0));
      return undefined;
    });
  const endOthers = () => {
    setAsks(false);
    task.run(async () => {
      setDone(undefined);
      const { data } = await client.mutate({
        mutation: EndOtherSignInSessionsDocument,
        refetchQueries,
        awaitRefetchQueries: true,
      });
      pages.reset();
      setDone(endedText(data?.endOtherSignInSessions.ended ?? 0));
      return undefined;
    });
  };
  return (
    <Card title="Where you are signed in">
      {task.problem && <Notice tone="bad">{task.problem}</Notice>}
      {done && <Notice tone="good">{done}</Notice>}
      <Loaded
        data={query.data?.signInSessions}
        error={query.error}
        isLoading={query.isLoading}
        onRetry={query.refetch}
      >
        {({ edges, pageInfo }) => (
          <>
            <ul className="rows" aria-label="Your sign-ins">
              {edges.map(({ node }) => (
                <SignInRow key={node.id} session={node} onEnd={end} />
              ))}
            </ul>
            <Pagination
              pages={pages}
              size={PAGE_SIZE}
              shown={edges.length}
              pageInfo={pageInfo}
              of="sign-ins"
            />
            <div className="form-actions">
              <Button busy={task.isBusy ? 'Ending…' : undefined} onClick={() => setAsks(true)}>
                End all others…
              </Button>
            </div>
          </>
        )}
      </Loaded>
      {asks && (
        <ConfirmDialog
          title="End all other sign-ins?"
          confirm="End the others"
          danger
          onConfirm={endOthers}
          onCancel={() => setAsks(false)}
        >
          <p>Every browser and app but this one has to sign in again, within a quarter of an hour.</p>
        </ConfirmDialog>
      )}
    </Card>
  );
}

interface SignInRowProps {
  readonly session: SignInSessionParts;
  readonly onEnd: (id: string) => void;
}

function SignInRow({ session, onEnd }: SignInRowProps) {
  const now = useNow(30_000);
  const { id, device, address, method, startedAt, lastUsedAt, current } = session;
  return (
    <li className="row">
      <div className="row-main">
        <p className="row-title">
          {device} {current && <Badge tone="good">This one</Badge>}
        </p>
        <p className="quiet">
          {signInMethodText(method)}
          {address && ` · ${address}`} · since {formatTime(startedAt, 'date-time')} · used{' '}
          <Time iso={lastUsedAt}>{formatAgo(lastUsedAt, now)}</Time>
        </p>
      </div>
      {!current && (
        <Button onClick={() => onEnd(id)}>
          End<span className="visually-hidden">: {device}</span>
        </Button>
      )}
    </li>
  );
}
