// Generated from cost.graphql by scripts/generate-documents.mjs; never edited.
import { gql } from '@apollo/client';

export type MoneyParts = { amount: string; currency: string };
export const MoneyPartsFragment = gql`
  fragment MoneyParts on Money {
    amount
    currency
  }
`;

export type CostLineParts = {
  dimension: string;
  from: string | null;
  to: string | null;
  quantity: string;
  unit: string;
  unitPrice: string;
  vatPercent: string;
  explanation: string;
  exclVat: MoneyParts;
  vat: MoneyParts;
  inclVat: MoneyParts;
};
export const CostLinePartsFragment = gql`
  fragment CostLineParts on CostLine {
    dimension
    from
    to
    quantity
    unit
    unitPrice
    vatPercent
    explanation
    exclVat {
      ...MoneyParts
    }
    vat {
      ...MoneyParts
    }
    inclVat {
      ...MoneyParts
    }
  }
  ${MoneyPartsFragment}
`;
