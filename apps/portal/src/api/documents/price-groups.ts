// Generated from price-groups.graphql by scripts/generate-documents.mjs; never edited.
import { gql, type TypedDocumentNode } from '@apollo/client';
import type {
  AddSubscriptionInput,
  AssignTariffInput,
  EndSubscriptionInput,
  EndTariffAssignmentInput,
  SetTariffGroupInput,
  StationFilter,
  TariffAssignmentFilter,
} from './inputs.js';

export type SubscriptionParts = {
  id: string;
  accountId: string;
  account: { id: string; displayName: string; email: string } | null;
  plan: string;
  validFrom: string;
  validUntil: string | null;
};
export const SubscriptionPartsFragment = gql`
  fragment SubscriptionParts on TariffSubscription {
    id
    accountId
    account {
      id
      displayName
      email
    }
    plan
    validFrom
    validUntil
  }
`;

export type SubscriptionsQuery = {
  subscriptions: {
    edges: readonly { node: SubscriptionParts }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
};
export type SubscriptionsQueryVariables = { first: number; after?: string | null };
export const SubscriptionsDocument: TypedDocumentNode<SubscriptionsQuery, SubscriptionsQueryVariables> = gql`
  query Subscriptions($first: Int!, $after: String) {
    subscriptions(first: $first, after: $after) {
      edges {
        node {
          ...SubscriptionParts
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
  ${SubscriptionPartsFragment}
`;

export type AddSubscriptionMutation = { addSubscription: { subscription: SubscriptionParts } };
export type AddSubscriptionMutationVariables = { input: AddSubscriptionInput };
export const AddSubscriptionDocument: TypedDocumentNode<
  AddSubscriptionMutation,
  AddSubscriptionMutationVariables
> = gql`
  mutation AddSubscription($input: AddSubscriptionInput!) {
    addSubscription(input: $input) {
      subscription {
        ...SubscriptionParts
      }
    }
  }
  ${SubscriptionPartsFragment}
`;

export type EndSubscriptionMutation = { endSubscription: { subscription: SubscriptionParts } };
export type EndSubscriptionMutationVariables = { input: EndSubscriptionInput };
export const EndSubscriptionDocument: TypedDocumentNode<
  EndSubscriptionMutation,
  EndSubscriptionMutationVariables
> = gql`
  mutation EndSubscription($input: EndSubscriptionInput!) {
    endSubscription(input: $input) {
      subscription {
        ...SubscriptionParts
      }
    }
  }
  ${SubscriptionPartsFragment}
`;

export type TariffGroupsQuery = {
  tariffGroups: {
    edges: readonly { node: { id: string; name: string; memberCount: number; createdAt: string } }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
};
export type TariffGroupsQueryVariables = { first: number; after?: string | null };
export const TariffGroupsDocument: TypedDocumentNode<TariffGroupsQuery, TariffGroupsQueryVariables> = gql`
  query TariffGroups($first: Int!, $after: String) {
    tariffGroups(first: $first, after: $after) {
      edges {
        node {
          id
          name
          memberCount
          createdAt
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

export type TariffGroupMembersQuery = {
  tariffGroupMembers: {
    edges: readonly {
      node: {
        kind: 'DRIVER' | 'STATION' | 'LOCATION';
        ref: string;
        addedAt: string;
        account: { id: string; displayName: string; email: string } | null;
        station: { id: string; name: string; identity: string } | null;
        location: { id: string; name: string } | null;
      };
    }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
};
export type TariffGroupMembersQueryVariables = { groupId: string; first: number; after?: string | null };
export const TariffGroupMembersDocument: TypedDocumentNode<
  TariffGroupMembersQuery,
  TariffGroupMembersQueryVariables
> = gql`
  query TariffGroupMembers($groupId: ID!, $first: Int!, $after: String) {
    tariffGroupMembers(groupId: $groupId, first: $first, after: $after) {
      edges {
        node {
          kind
          ref
          addedAt
          account {
            id
            displayName
            email
          }
          station {
            id
            name
            identity
          }
          location {
            id
            name
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

export type SetTariffGroupMutation = {
  setTariffGroup: { group: { id: string; name: string; memberCount: number } };
};
export type SetTariffGroupMutationVariables = { input: SetTariffGroupInput };
export const SetTariffGroupDocument: TypedDocumentNode<
  SetTariffGroupMutation,
  SetTariffGroupMutationVariables
> = gql`
  mutation SetTariffGroup($input: SetTariffGroupInput!) {
    setTariffGroup(input: $input) {
      group {
        id
        name
        memberCount
      }
    }
  }
`;

export type TariffAssignmentsOfQuery = {
  tariffAssignments: {
    edges: readonly {
      node: {
        id: string;
        tariff: { id: string; name: string };
        validFrom: string;
        validUntil: string | null;
      };
    }[];
  };
};
export type TariffAssignmentsOfQueryVariables = { first: number; filter?: TariffAssignmentFilter | null };
export const TariffAssignmentsOfDocument: TypedDocumentNode<
  TariffAssignmentsOfQuery,
  TariffAssignmentsOfQueryVariables
> = gql`
  query TariffAssignmentsOf($first: Int!, $filter: TariffAssignmentFilter) {
    tariffAssignments(first: $first, filter: $filter) {
      edges {
        node {
          id
          tariff {
            id
            name
          }
          validFrom
          validUntil
        }
      }
    }
  }
`;

export type AssignTariffMutation = {
  assignTariff: {
    assignment: { id: string };
    findings: readonly {
      rule: 'AFIR_50_KW' | 'PANGV_KWH' | 'NEVI_KWH' | 'NEVI_FIXED' | 'MESSEG_TIME' | 'MESSEG_STEP';
      severity: 'VIOLATION' | 'WARNING';
      country: string;
      reason: string;
    }[];
  };
};
export type AssignTariffMutationVariables = { input: AssignTariffInput };
export const AssignTariffDocument: TypedDocumentNode<AssignTariffMutation, AssignTariffMutationVariables> =
  gql`
    mutation AssignTariff($input: AssignTariffInput!) {
      assignTariff(input: $input) {
        assignment {
          id
        }
        findings {
          rule
          severity
          country
          reason
        }
      }
    }
  `;

export type EndTariffAssignmentMutation = { endTariffAssignment: { assignment: { id: string } } };
export type EndTariffAssignmentMutationVariables = { input: EndTariffAssignmentInput };
export const EndTariffAssignmentDocument: TypedDocumentNode<
  EndTariffAssignmentMutation,
  EndTariffAssignmentMutationVariables
> = gql`
  mutation EndTariffAssignment($input: EndTariffAssignmentInput!) {
    endTariffAssignment(input: $input) {
      assignment {
        id
      }
    }
  }
`;

export type FindAccountQuery = { accounts: { edges: readonly { node: { id: string; email: string } }[] } };
export type FindAccountQueryVariables = { search: string };
export const FindAccountDocument: TypedDocumentNode<FindAccountQuery, FindAccountQueryVariables> = gql`
  query FindAccount($search: String!) {
    accounts(first: 10, search: $search) {
      edges {
        node {
          id
          email
        }
      }
    }
  }
`;

export type FindStationQuery = {
  stations: { edges: readonly { node: { id: string; name: string; identity: string } }[] };
};
export type FindStationQueryVariables = { filter: StationFilter };
export const FindStationDocument: TypedDocumentNode<FindStationQuery, FindStationQueryVariables> = gql`
  query FindStation($filter: StationFilter!) {
    stations(first: 10, filter: $filter) {
      edges {
        node {
          id
          name
          identity
        }
      }
    }
  }
`;
