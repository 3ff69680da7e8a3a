import { useState } from 'react';
import { useApi } from '../../api/api-context.js';
import {
  SetSignInPolicyDocument,
  SignInPolicyDocument,
  type SignInPolicyQuery,
} from '../../api/documents/people.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { useTask } from '../../api/use-task.js';
import { Card } from '../../ui/page.js';
import { Loaded, Notice } from '../../ui/states.js';
import { sentenceCase } from '../../words/session-words.js';

type Role = SignInPolicyQuery['signInPolicy']['secondFactorRoles'][number];

const ROLES: readonly Role[] = ['DRIVER', 'OPERATOR', 'SUPPORT', 'PARTNER', 'ADMIN'];

/** Of which roles a second factor is wanted; saved at once, counts from the next sign-in on. */
export function SignInPolicyCard() {
  const { client } = useApi();
  const task = useTask();
  const [isSaved, setSaved] = useState(false);
  const query = useLiveQuery(SignInPolicyDocument, { fallbackPollMs: 0 });
  const set = (held: readonly Role[], role: Role) =>
    task.run(async () => {
      setSaved(false);
      const secondFactorRoles = held.includes(role) ? held.filter((one) => one !== role) : [...held, role];
      await client.mutate({
        mutation: SetSignInPolicyDocument,
        variables: { input: { secondFactorRoles } },
        refetchQueries: [SignInPolicyDocument],
        awaitRefetchQueries: true,
      });
      setSaved(true);
      return undefined;
    });
  return (
    <Card title="Who needs a second factor">
      <p>
        Those with these roles sign in with a code besides the password, or with a passkey. Who has none yet
        sets it up at the next sign-in.
      </p>
      {task.problem && <Notice tone="bad">{task.problem}</Notice>}
      <Loaded
        data={query.data?.signInPolicy}
        error={query.error}
        isLoading={query.isLoading}
        onRetry={query.refetch}
      >
        {({ secondFactorRoles }) => (
          <fieldset className="chip-choices">
            <legend className="visually-hidden">Roles</legend>
            {ROLES.map((role) => (
              <label key={role}>
                <input
                  type="checkbox"
                  checked={secondFactorRoles.includes(role)}
                  onChange={() => set(secondFactorRoles, role)}
                />
                <span>{sentenceCase(role)}</span>
              </label>
            ))}
          </fieldset>
        )}
      </Loaded>
      <p className="quiet" role="status">
        {task.isBusy
          ? 'Saving…'
          : isSaved && !task.problem
            ? 'Saved. It counts from the next sign-in on.'
            : ''}
      </p>
    </Card>
  );
}
