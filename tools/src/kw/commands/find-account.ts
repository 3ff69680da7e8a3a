import { isUuid } from '@kilowatch/kernel';
import type { GraphqlClient } from '../../client/graphql-client.js';
import { KwError } from '../kw-error.js';

/** The id of an account: the id itself, or its e-mail address in any spelling of upper and lower case. */
export async function findAccount(client: GraphqlClient, name: string): Promise<string> {
  if (isUuid(name)) return name;
  const { accounts } = await client.request<{
    accounts: { edges: { node: { id: string; email: string } }[] };
  }>('query($search: String!) { accounts(first: 100, search: $search) { edges { node { id email } } } }', {
    search: name,
  });
  const found = accounts.edges.find(({ node }) => node.email.toLowerCase() === name.toLowerCase());
  if (!found) throw new KwError('NOT_FOUND', `there is no account ${name}`);
  return found.node.id;
}
