import { useEffect, useRef } from 'react';
import { Link, Navigate } from 'react-router';
import { useApi } from '../../api/api-context.js';
import { FinishProviderSignInDocument } from '../../api/documents/account.js';
import { pathBefore, takeFlow } from '../../api/provider-flow.js';
import { sendOnce } from '../../api/send-once.js';
import { useTask } from '../../api/use-task.js';
import { Notice, Skeleton } from '../../ui/states.js';
import { Threshold } from '../../ui/threshold.js';
import { signInRefusalText } from '../../words/outcome-words.js';

/** Registered with the providers (KW_OIDC_REDIRECT_URL). */
export const PROVIDER_RETURN_PATH = '/sign-in/provider';

const NO_FLOW =
  'No sign-in with a provider was begun in this tab, or it is finished already. Go to the sign-in and begin again.';

/** Where a provider sends people back to. What it says in the address works once, and goes out of the address at once. */
export function ProviderReturnPage() {
  const { auth, client } = useApi();
  const task = useTask();
  const { run } = task;
  // React may run effects twice in development: the flow works once.
  const isBegun = useRef(false);
  useEffect(() => {
    if (isBegun.current) return;
    isBegun.current = true;
    const callback = window.location.search;
    window.history.replaceState(window.history.state, '', PROVIDER_RETURN_PATH);
    run(async () => {
      const flow = takeFlow();
      if (!flow || callback === '') return NO_FLOW;
      const { finishProviderSignIn } = await sendOnce(client, FinishProviderSignInDocument, {
        input: { flow, callback },
      });
      const refusal = auth.enter(finishProviderSignIn);
      return refusal && signInRefusalText(refusal);
    });
  }, [auth, client, run]);
  return (
    <Threshold title="Signing in">
      {task.problem ? (
        <>
          <Notice tone="bad">{task.problem}</Notice>
          <Link className="button" data-look="primary" to="/">
            Go to the sign-in
          </Link>
        </>
      ) : (
        <Skeleton rows={3} />
      )}
    </Threshold>
  );
}

/** Signed in: on to where they were when they went to the provider. */
export function AfterProvider() {
  return <Navigate replace to={pathBefore()} />;
}
