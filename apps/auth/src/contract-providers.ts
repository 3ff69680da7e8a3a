import { ContractPoolResolver } from './transport/graphql/contract-pool.resolver.js';
import { ContractGrpc } from './transport/grpc/contract.grpc.js';
import { CertificateStatus } from './usecases/certificate-status.js';
import { CheckContract } from './usecases/check-contract.js';
import { ContractPools } from './usecases/contract-pool/contract-pools.js';
import { DecideRootProposal } from './usecases/decide-root-proposal.js';
import { GetContractCertificate } from './usecases/get-contract-certificate.js';
import { SyncPoolRoots } from './usecases/sync-pool-roots.js';

/** Contract certificates of cars: judging them, getting them, and what responders say of them. */
export const contractProviders = [
  CertificateStatus,
  CheckContract,
  ContractGrpc,
  ContractPoolResolver,
  ContractPools,
  DecideRootProposal,
  GetContractCertificate,
  SyncPoolRoots,
];
