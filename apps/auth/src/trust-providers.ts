import { TrustResolver } from './transport/graphql/trust.resolver.js';
import { AskResponder } from './usecases/ask-responder.js';
import { CheckRevocation } from './usecases/check-revocation.js';
import { FlushRevocationCache } from './usecases/flush-revocation-cache.js';
import { ImportTrust } from './usecases/import-trust.js';
import { RefreshRevocation } from './usecases/refresh-revocation.js';
import { SetTrustPolicy } from './usecases/set-trust-policy.js';
import { TrustStore } from './usecases/trust-store.js';

/** Whom certificates are believed below, and whether they are revoked. */
export const trustProviders = [
  AskResponder,
  CheckRevocation,
  FlushRevocationCache,
  ImportTrust,
  RefreshRevocation,
  SetTrustPolicy,
  TrustResolver,
  TrustStore,
];
