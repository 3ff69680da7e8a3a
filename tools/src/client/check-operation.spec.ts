import { describe, expect, it } from 'vitest';
import { checkOperation } from './check-operation.js';

describe('an operation that the public API is asked', () => {
  it('passes when the API knows all of it', () => {
    expect(() => checkOperation('{ me { id } }')).not.toThrow();
  });

  it.each([
    ['{ me { shoeSize } }', 'shoeSize'],
    ['{ sessions { edges { node { id } } } }', 'first'],
    ['query($id: Int!) { session(id: $id) { id } }', 'Int!'],
  ])('%s is refused with what is wrong', (operation, problem) => {
    expect(() => checkOperation(operation)).toThrow(problem);
  });
});
