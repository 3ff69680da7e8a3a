/**
 * Which contracts a car gets, one an answer (OCPP 2.1 M01.FR.02 to FR.07): it says how many it takes and which of them first, is
 * told how many are left, and asks the same again until none is. Before 2.1 it gets one.
 */
import { isSameContract } from '@kilowatch/trust';

export interface PooledContract {
  /** Empty when the pool does not tell. */
  readonly emaid: string;
  /** Base64 of EXI. */
  readonly exiResponse: string;
}

export interface CarWish {
  /** Absent before 2.1. */
  readonly maxChains?: number | undefined;
  readonly prioritisedEmaids: readonly string[];
}

/** The contracts of a car in the order in which it gets them. */
export function deliveryOrder(
  contracts: readonly PooledContract[],
  { maxChains, prioritisedEmaids }: CarWish,
): readonly PooledContract[] {
  const rank = ({ emaid }: PooledContract): number => {
    const place = prioritisedEmaids.findIndex((wished) => isSameContract(wished, emaid));
    return place < 0 ? prioritisedEmaids.length : place;
  };
  const ordered = [...contracts].sort((one, other) => rank(one) - rank(other));
  return ordered.slice(0, Math.max(1, maxChains ?? 1));
}

export interface Delivered {
  readonly contract: PooledContract;
  /** What the car may still ask for. */
  readonly remaining: number;
}

/** @param given how many the car has got of `order` before */
export function nextDelivery(order: readonly PooledContract[], given: number): Delivered | undefined {
  const contract = order[given];
  return contract && { contract, remaining: order.length - given - 1 };
}
