import { ContractPoolResolver } from './transport/graphql/contract-pool.resolver.js';
import { ContractRequestResolver } from './transport/graphql/contract-request.resolver.js';
import { ContractResolver } from './transport/graphql/contract.resolver.js';
import { ContractGrpc } from './transport/grpc/contract.grpc.js';
import { CertificateStatus } from './usecases/certificate-status.js';
import { CheckContract } from './usecases/check-contract.js';
import { ContractPools } from './usecases/contract-pool/contract-pools.js';
import { ContractRequests } from './usecases/contract-requests.js';
import { DecideRootProposal } from './usecases/decide-root-proposal.js';
import { GetContractCertificate } from './usecases/get-contract-certificate.js';
import { SyncPoolRoots } from './usecases/sync-pool-roots.js';
import { ViewContracts } from './usecases/view-contracts.js';

/** Contract certificates of cars: judging them, getting them, and what responders say of them. */
export const contractProviders = [
  CertificateStatus,
  CheckContract,
  ContractGrpc,
  ContractPoolResolver,
  ContractPools,
  ContractRequestResolver,
  ContractRequests,
  ContractResolver,
  DecideRootProposal,
  GetContractCertificate,
  SyncPoolRoots,
  ViewContracts,
];
