import type { ApolloClient, OperationVariables, TypedDocumentNode } from '@apollo/client';

type Client = Pick<ApolloClient, 'mutate'>;

/** A mutation whose answer holds tokens or secrets, or leads to them: it is handed over whole and stays in no cache. */
export async function sendOnce<Data, Variables extends OperationVariables>(
  client: Client,
  mutation: TypedDocumentNode<Data, Variables>,
  variables: NoInfer<Variables>,
): Promise<Data> {
  const { data } = await client.mutate<Data, OperationVariables>({
    mutation,
    variables,
    fetchPolicy: 'no-cache',
  });
  if (!data) throw new Error('no answer');
  return data;
}
