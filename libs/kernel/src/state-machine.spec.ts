import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stateMachine } from './state-machine.js';

const door = stateMachine({
  open: ['closed'],
  closed: ['open', 'locked', 'closed'],
  locked: ['closed'],
  burnt: [],
});

describe('stateMachine', () => {
  it('allows listed moves only', () => {
    expect(() => door.assertMove('open', 'closed')).not.toThrow();
    expect(() => door.assertMove('open', 'locked')).toThrow(
      expect.objectContaining({
        kind: 'PRECONDITION',
        code: 'STATE_MOVE_NOT_ALLOWED',
        details: { from: 'open', to: 'locked' },
      }),
    );
  });

  it('treats staying as a move that must be listed', () => {
    expect(door.canMove('closed', 'closed')).toBe(true);
    expect(door.canMove('open', 'open')).toBe(false);
  });

  it('knows the states nothing follows', () => {
    expect(door.states.filter((state) => door.isFinal(state))).toEqual(['burnt']);
  });

  it('refuses a state it does not know', () => {
    expect(() => door.assertMove('toString' as 'open', 'closed')).toThrow();
  });

  it('throws exactly where canMove says no', () => {
    const state = fc.constantFrom(...door.states);
    fc.assert(
      fc.property(state, state, (from, to) => {
        let threw = false;
        try {
          door.assertMove(from, to);
        } catch {
          threw = true;
        }
        expect(threw).toBe(!door.canMove(from, to));
      }),
    );
  });
});
