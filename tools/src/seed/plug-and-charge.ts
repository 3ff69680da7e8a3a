import { waitFor } from '@kilowatch/testing';
import { GraphqlClient } from '../client/graphql-client.js';
import type { System } from '../system/start-system.js';
import { DEMO_ADMIN } from '../system/system-options.js';

/** What an administrator does once before contracts of the simulated pool count: approve its root, and let its responder be asked. */
export async function trustSimulatedPool({ graphqlUrl, addresses }: System): Promise<void> {
  const admin = await new GraphqlClient(graphqlUrl).signIn(DEMO_ADMIN.email, DEMO_ADMIN.password);
  const proposalId = await waitFor(
    'the root of the contract pool',
    async () => {
      const { rootProposals } = await admin.request<{ rootProposals: { edges: { node: { id: string } }[] } }>(
        `query { rootProposals(first: 1) { edges { node { id } } } }`,
      );
      return rootProposals.edges[0]?.node.id;
    },
    { timeoutMs: 30_000 },
  );
  await admin.request(
    `mutation($input: DecideRootProposalInput!) { decideRootProposal(input: $input) { proposal { state } } }`,
    { input: { proposalId, decision: 'APPROVED', reason: 'Of the simulated pool.' } },
  );
  await admin.request(
    `mutation($input: SetTrustPolicyInput!) { setTrustPolicy(input: $input) { policy { origins } } }`,
    { input: { origins: [`http://127.0.0.1:${addresses.http['auth']}`] } },
  );
  await admin.close();
}
