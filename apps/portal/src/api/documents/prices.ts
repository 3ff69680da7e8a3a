// Generated from prices.graphql by scripts/generate-documents.mjs; never edited.
import { gql, type TypedDocumentNode } from '@apollo/client';
import type {
  RemovePriceFeedInput,
  RemoveTariffSourceInput,
  SetPriceFeedInput,
  SetTariffSourceInput,
} from './inputs.js';

export type PriceFeedParts = {
  source: 'ENTSOE' | 'AWATTAR' | 'OCTOPUS' | 'NORD_POOL';
  area: string;
  currency: string;
  timeZone: string;
  publishMinute: number;
  alertMinute: number;
  askedAt: string | null;
  answeredAt: string | null;
  dueAt: string | null;
  attempts: number;
  failure: string | null;
};
export const PriceFeedPartsFragment = gql`
  fragment PriceFeedParts on PriceFeed {
    source
    area
    currency
    timeZone
    publishMinute
    alertMinute
    askedAt
    answeredAt
    dueAt
    attempts
    failure
  }
`;

export type PriceFeedsQuery = {
  priceFeeds: {
    edges: readonly { node: PriceFeedParts }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
};
export type PriceFeedsQueryVariables = { first: number; after?: string | null };
export const PriceFeedsDocument: TypedDocumentNode<PriceFeedsQuery, PriceFeedsQueryVariables> = gql`
  query PriceFeeds($first: Int!, $after: String) {
    priceFeeds(first: $first, after: $after) {
      edges {
        node {
          ...PriceFeedParts
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
  ${PriceFeedPartsFragment}
`;

export type FeedPricesQuery = {
  feedPrices: {
    stretches: readonly { start: string; end: string; value: string; unit: string }[];
    gaps: readonly { from: string; to: string }[];
  };
};
export type FeedPricesQueryVariables = {
  source: 'ENTSOE' | 'AWATTAR' | 'OCTOPUS' | 'NORD_POOL' | 'OWN';
  area: string;
  from: string;
  to: string;
};
export const FeedPricesDocument: TypedDocumentNode<FeedPricesQuery, FeedPricesQueryVariables> = gql`
  query FeedPrices($source: CurveSource!, $area: String!, $from: DateTime!, $to: DateTime!) {
    feedPrices(source: $source, area: $area, from: $from, to: $to) {
      stretches {
        start
        end
        value
        unit
      }
      gaps {
        from
        to
      }
    }
  }
`;

export type SetPriceFeedMutation = { setPriceFeed: { feed: PriceFeedParts } };
export type SetPriceFeedMutationVariables = { input: SetPriceFeedInput };
export const SetPriceFeedDocument: TypedDocumentNode<SetPriceFeedMutation, SetPriceFeedMutationVariables> =
  gql`
    mutation SetPriceFeed($input: SetPriceFeedInput!) {
      setPriceFeed(input: $input) {
        feed {
          ...PriceFeedParts
        }
      }
    }
    ${PriceFeedPartsFragment}
  `;

export type RemovePriceFeedMutation = { removePriceFeed: { removed: boolean } };
export type RemovePriceFeedMutationVariables = { input: RemovePriceFeedInput };
export const RemovePriceFeedDocument: TypedDocumentNode<
  RemovePriceFeedMutation,
  RemovePriceFeedMutationVariables
> = gql`
  mutation RemovePriceFeed($input: RemovePriceFeedInput!) {
    removePriceFeed(input: $input) {
      removed
    }
  }
`;

export type TariffSourceParts = {
  tariffId: string;
  kind: 'SPOT' | 'STEPS' | 'DISCOUNT';
  name: string;
  settings: unknown;
  currency: string | null;
  definition: unknown | null;
  idleGraceMinutes: number | null;
  timeZone: string | null;
  curve: { source: 'ENTSOE' | 'AWATTAR' | 'OCTOPUS' | 'NORD_POOL' | 'OWN'; area: string } | null;
  fallbackTariffId: string | null;
  baseTariffId: string | null;
  plan: string | null;
  madeAt: string | null;
  failure: string | null;
};
export const TariffSourcePartsFragment = gql`
  fragment TariffSourceParts on TariffSource {
    tariffId
    kind
    name
    settings
    currency
    definition
    idleGraceMinutes
    timeZone
    curve {
      source
      area
    }
    fallbackTariffId
    baseTariffId
    plan
    madeAt
    failure
  }
`;

export type TariffSourcesQuery = {
  tariffSources: {
    edges: readonly { node: TariffSourceParts }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
};
export type TariffSourcesQueryVariables = { first: number; after?: string | null };
export const TariffSourcesDocument: TypedDocumentNode<TariffSourcesQuery, TariffSourcesQueryVariables> = gql`
  query TariffSources($first: Int!, $after: String) {
    tariffSources(first: $first, after: $after) {
      edges {
        node {
          ...TariffSourceParts
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
  ${TariffSourcePartsFragment}
`;

export type SourceChoicesQuery = {
  tariffs: { edges: readonly { node: { id: string; name: string } }[] };
  priceFeeds: {
    edges: readonly {
      node: {
        source: 'ENTSOE' | 'AWATTAR' | 'OCTOPUS' | 'NORD_POOL';
        area: string;
        currency: string;
        timeZone: string;
      };
    }[];
  };
};
export type SourceChoicesQueryVariables = Record<string, never>;
export const SourceChoicesDocument: TypedDocumentNode<SourceChoicesQuery, SourceChoicesQueryVariables> = gql`
  query SourceChoices {
    tariffs(first: 100) {
      edges {
        node {
          id
          name
        }
      }
    }
    priceFeeds(first: 100) {
      edges {
        node {
          source
          area
          currency
          timeZone
        }
      }
    }
  }
`;

export type PreviewTariffSourceQuery = {
  previewTariffSource: {
    currency: string;
    schedule: readonly { from: string; to: string; energyPricePerKwh: string; currency: string }[];
    gaps: readonly { from: string; to: string }[];
    note: string;
    findings: readonly {
      rule: 'AFIR_50_KW' | 'PANGV_KWH' | 'NEVI_KWH' | 'NEVI_FIXED' | 'MESSEG_TIME' | 'MESSEG_STEP';
      severity: 'VIOLATION' | 'WARNING';
      country: string;
      reason: string;
    }[];
  };
};
export type PreviewTariffSourceQueryVariables = { input: SetTariffSourceInput };
export const PreviewTariffSourceDocument: TypedDocumentNode<
  PreviewTariffSourceQuery,
  PreviewTariffSourceQueryVariables
> = gql`
  query PreviewTariffSource($input: SetTariffSourceInput!) {
    previewTariffSource(input: $input) {
      currency
      schedule {
        from
        to
        energyPricePerKwh
        currency
      }
      gaps {
        from
        to
      }
      note
      findings {
        rule
        severity
        country
        reason
      }
    }
  }
`;

export type SetTariffSourceMutation = { setTariffSource: { source: TariffSourceParts } };
export type SetTariffSourceMutationVariables = { input: SetTariffSourceInput };
export const SetTariffSourceDocument: TypedDocumentNode<
  SetTariffSourceMutation,
  SetTariffSourceMutationVariables
> = gql`
  mutation SetTariffSource($input: SetTariffSourceInput!) {
    setTariffSource(input: $input) {
      source {
        ...TariffSourceParts
      }
    }
  }
  ${TariffSourcePartsFragment}
`;

export type RemoveTariffSourceMutation = { removeTariffSource: { removed: boolean } };
export type RemoveTariffSourceMutationVariables = { input: RemoveTariffSourceInput };
export const RemoveTariffSourceDocument: TypedDocumentNode<
  RemoveTariffSourceMutation,
  RemoveTariffSourceMutationVariables
> = gql`
  mutation RemoveTariffSource($input: RemoveTariffSourceInput!) {
    removeTariffSource(input: $input) {
      removed
    }
  }
`;
