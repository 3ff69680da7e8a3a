// Generated from incidents.graphql by scripts/generate-documents.mjs; never edited.
import { gql, type TypedDocumentNode } from '@apollo/client';
import type {
  CloseIncidentInput,
  IncidentFilter,
  SetAttemptRulesInput,
  SetTokenStatusInput,
} from './inputs.js';

export type IncidentParts = {
  id: string;
  rule:
    | 'TOKEN_GUESSING'
    | 'KEY_CODE_GUESSING'
    | 'TOKEN_AT_MANY_STATIONS'
    | 'IMPOSSIBLE_TRAVEL'
    | 'CONCURRENT_USE'
    | 'REVOKED_CONTRACT'
    | 'FORGED_CHAIN'
    | 'SEQUENTIAL_UIDS'
    | 'STATION_CREDENTIAL'
    | 'IDENTITY_SCAN'
    | 'NEW_NETWORK'
    | 'CONNECTION_FLAPPING'
    | 'PROFILE_DOWNGRADE'
    | 'UNAUTHORISED_START'
    | 'MASTER_PASS_START'
    | 'OFFLINE_ENERGY';
  severity: 'LOW' | 'MEDIUM' | 'HIGH';
  status: 'OPEN' | 'CLOSED';
  firstSeen: string;
  lastSeen: string;
  count: number;
  station: { id: string; name: string; identity: string } | null;
  token: { id: string; masked: string; status: 'ACTIVE' | 'BLOCKED' | 'EXPIRED' } | null;
  tokenMasked: string | null;
  identity: string | null;
  address: string | null;
  suggestedAction: string;
  closesAt: string | null;
  closedAt: string | null;
  closeReason: 'QUIET' | 'PERSON' | 'MERGED' | 'EXPLAINED' | null;
  closeNote: string | null;
};
export const IncidentPartsFragment = gql`
  fragment IncidentParts on Incident {
    id
    rule
    severity
    status
    firstSeen
    lastSeen
    count
    station {
      id
      name
      identity
    }
    token {
      id
      masked
      status
    }
    tokenMasked
    identity
    address
    suggestedAction
    closesAt
    closedAt
    closeReason
    closeNote
  }
`;

export type IncidentsQuery = {
  incidents: {
    openCount: number;
    edges: readonly { node: IncidentParts }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
};
export type IncidentsQueryVariables = {
  first: number;
  after?: string | null;
  filter?: IncidentFilter | null;
};
export const IncidentsDocument: TypedDocumentNode<IncidentsQuery, IncidentsQueryVariables> = gql`
  query Incidents($first: Int!, $after: String, $filter: IncidentFilter) {
    incidents(first: $first, after: $after, filter: $filter) {
      openCount
      edges {
        node {
          ...IncidentParts
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
  ${IncidentPartsFragment}
`;

export type IncidentPageQuery = {
  incident:
    | (IncidentParts & {
        replacedAddress: string | null;
        watchesToken: boolean;
        closedBy: { id: string; displayName: string } | null;
        evidence: readonly {
          id: string;
          at: string;
          times: number;
          station: { id: string; name: string } | null;
          evseNumber: number | null;
          tokenMasked: string | null;
          identity: string | null;
          address: string | null;
          replacedAddress: string | null;
          detail: string | null;
        }[];
      })
    | null;
};
export type IncidentPageQueryVariables = { id: string };
export const IncidentPageDocument: TypedDocumentNode<IncidentPageQuery, IncidentPageQueryVariables> = gql`
  query IncidentPage($id: ID!) {
    incident(id: $id) {
      ...IncidentParts
      replacedAddress
      watchesToken
      closedBy {
        id
        displayName
      }
      evidence {
        id
        at
        times
        station {
          id
          name
        }
        evseNumber
        tokenMasked
        identity
        address
        replacedAddress
        detail
      }
    }
  }
  ${IncidentPartsFragment}
`;

export type IncidentChangedSubscription = { incidentChanged: IncidentParts | null };
export type IncidentChangedSubscriptionVariables = Record<string, never>;
export const IncidentChangedDocument: TypedDocumentNode<
  IncidentChangedSubscription,
  IncidentChangedSubscriptionVariables
> = gql`
  subscription IncidentChanged {
    incidentChanged {
      ...IncidentParts
    }
  }
  ${IncidentPartsFragment}
`;

export type CloseIncidentMutation = {
  closeIncident: { incident: IncidentParts & { closedBy: { id: string; displayName: string } | null } };
};
export type CloseIncidentMutationVariables = { input: CloseIncidentInput };
export const CloseIncidentDocument: TypedDocumentNode<CloseIncidentMutation, CloseIncidentMutationVariables> =
  gql`
    mutation CloseIncident($input: CloseIncidentInput!) {
      closeIncident(input: $input) {
        incident {
          ...IncidentParts
          closedBy {
            id
            displayName
          }
        }
      }
    }
    ${IncidentPartsFragment}
  `;

export type SetTokenStatusMutation = {
  setTokenStatus: { token: { id: string; masked: string; status: 'ACTIVE' | 'BLOCKED' | 'EXPIRED' } };
};
export type SetTokenStatusMutationVariables = { input: SetTokenStatusInput };
export const SetTokenStatusDocument: TypedDocumentNode<
  SetTokenStatusMutation,
  SetTokenStatusMutationVariables
> = gql`
  mutation SetTokenStatus($input: SetTokenStatusInput!) {
    setTokenStatus(input: $input) {
      token {
        id
        masked
        status
      }
    }
  }
`;

export type AttemptRulesParts = {
  blockClones: boolean;
  refusalDelayMs: number;
  rules: readonly {
    rule:
      | 'TOKEN_GUESSING'
      | 'KEY_CODE_GUESSING'
      | 'TOKEN_AT_MANY_STATIONS'
      | 'IMPOSSIBLE_TRAVEL'
      | 'CONCURRENT_USE'
      | 'REVOKED_CONTRACT'
      | 'FORGED_CHAIN'
      | 'SEQUENTIAL_UIDS'
      | 'STATION_CREDENTIAL'
      | 'IDENTITY_SCAN'
      | 'NEW_NETWORK'
      | 'CONNECTION_FLAPPING'
      | 'PROFILE_DOWNGRADE'
      | 'UNAUTHORISED_START'
      | 'MASTER_PASS_START'
      | 'OFFLINE_ENERGY';
    enabled: boolean;
    settings: readonly {
      name: string;
      value: number;
      default: number;
      minimum: number;
      maximum: number;
      unit: string;
    }[];
  }[];
};
export const AttemptRulesPartsFragment = gql`
  fragment AttemptRulesParts on AttemptRules {
    blockClones
    refusalDelayMs
    rules {
      rule
      enabled
      settings {
        name
        value
        default
        minimum
        maximum
        unit
      }
    }
  }
`;

export type AttemptRulesQuery = { attemptRules: AttemptRulesParts };
export type AttemptRulesQueryVariables = Record<string, never>;
export const AttemptRulesDocument: TypedDocumentNode<AttemptRulesQuery, AttemptRulesQueryVariables> = gql`
  query AttemptRules {
    attemptRules {
      ...AttemptRulesParts
    }
  }
  ${AttemptRulesPartsFragment}
`;

export type SetAttemptRulesMutation = { setAttemptRules: { attemptRules: AttemptRulesParts } };
export type SetAttemptRulesMutationVariables = { input: SetAttemptRulesInput };
export const SetAttemptRulesDocument: TypedDocumentNode<
  SetAttemptRulesMutation,
  SetAttemptRulesMutationVariables
> = gql`
  mutation SetAttemptRules($input: SetAttemptRulesInput!) {
    setAttemptRules(input: $input) {
      attemptRules {
        ...AttemptRulesParts
      }
    }
  }
  ${AttemptRulesPartsFragment}
`;
