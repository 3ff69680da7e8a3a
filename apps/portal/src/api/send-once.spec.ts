import { gql, type TypedDocumentNode } from '@apollo/client';
import { expect, it, vi } from 'vitest';
import { sendOnce } from './send-once.js';

const MUTATION: TypedDocumentNode<{ made: string }, { name: string }> = gql`
  mutation Make($name: String!) {
    made(name: $name)
  }
`;

it('hands the answer over and leaves it in no cache', async () => {
  const mutate = vi.fn(() => Promise.resolve({ data: { made: 'secret' } }));
  const client = { mutate } as never;
  expect(await sendOnce(client, MUTATION, { name: 'a' })).toEqual({ made: 'secret' });
  expect(mutate).toHaveBeenCalledWith({
    mutation: MUTATION,
    variables: { name: 'a' },
    fetchPolicy: 'no-cache',
  });
});

it('takes an answer without data for none', async () => {
  const client = { mutate: () => Promise.resolve({ data: null }) } as never;
  await expect(sendOnce(client, MUTATION, { name: 'a' })).rejects.toThrow('no answer');
});
