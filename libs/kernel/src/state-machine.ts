/** A state machine is a table of allowed moves; a move that is not listed is a PRECONDITION error. */
import { precondition } from './errors.js';

export interface StateMachine<S extends string> {
  readonly states: readonly S[];
  canMove(from: S, to: S): boolean;
  /** Throws PRECONDITION `STATE_MOVE_NOT_ALLOWED` with both states in the details. */
  assertMove(from: S, to: S): void;
  /** True when nothing follows. */
  isFinal(state: S): boolean;
}

/** Staying in a state is a move like any other: list it if it is allowed. */
export function stateMachine<const S extends string>(
  moves: Readonly<Record<S, readonly NoInfer<S>[]>>,
): StateMachine<S> {
  const table = new Map(Object.entries(moves).map(([from, to]) => [from, new Set(to as readonly string[])]));
  const canMove = (from: S, to: S) => table.get(from)?.has(to) ?? false;
  return {
    states: Object.keys(moves) as S[],
    canMove,
    assertMove(from, to) {
      if (!canMove(from, to)) {
        throw precondition('STATE_MOVE_NOT_ALLOWED', 'This is not possible in the present state.', {
          from,
          to,
        });
      }
    },
    isFinal: (state) => (table.get(state)?.size ?? 0) === 0,
  };
}
