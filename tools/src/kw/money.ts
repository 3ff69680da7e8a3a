/** As the API gives it. */
export interface Money {
  readonly amount: string;
  readonly currency: string;
}

export const moneyText = ({ amount, currency }: Money): string => `${amount} ${currency}`;
