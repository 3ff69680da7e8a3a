import { AuditResolver } from './transport/graphql/audit.resolver.js';
import { ClientResolver, ClientTokenResultResolver } from './transport/graphql/client.resolver.js';
import { OwnTokenResolver } from './transport/graphql/own-token.resolver.js';
import { PasskeyResolver } from './transport/graphql/passkey.resolver.js';
import { ProviderResolver } from './transport/graphql/provider.resolver.js';
import { RegistrationResolver } from './transport/graphql/registration.resolver.js';
import { SecondFactorResolver } from './transport/graphql/second-factor.resolver.js';
import { SignInResultResolver } from './transport/graphql/sign-in-result.js';
import { SignInSessionResolver } from './transport/graphql/sign-in-session.resolver.js';
import { PeopleGrpc } from './transport/grpc/people.grpc.js';
import { AccountLinks } from './usecases/account-links.js';
import { AccountMails } from './usecases/account-mails.js';
import { AuditLog } from './usecases/audit-log.js';
import { ChangePassword } from './usecases/change-password.js';
import { IssueClientToken } from './usecases/client-token.js';
import { ConfirmEmail } from './usecases/confirm-email.js';
import { EnrolTotp } from './usecases/enrol-totp.js';
import { ForgetSignIns } from './usecases/forget-sign-ins.js';
import { MachineClients } from './usecases/machine-clients.js';
import { OidcClient } from './usecases/oidc-client.js';
import { OwnPassword } from './usecases/own-password.js';
import { OwnTokens } from './usecases/own-tokens.js';
import { PasskeyCeremony } from './usecases/passkey-ceremony.js';
import { Passkeys } from './usecases/passkeys.js';
import { Register } from './usecases/register.js';
import { SecondFactor } from './usecases/second-factor.js';
import { RefusedSignIns } from './usecases/refused-sign-ins.js';
import { SharedFailures } from './usecases/shared-failures.js';
import { SignIn } from './usecases/sign-in.js';
import { SignInPolicies } from './usecases/sign-in-policies.js';
import { SignInSessions } from './usecases/sign-in-sessions.js';
import { SignInWithPasskey } from './usecases/sign-in-with-passkey.js';
import { SignInWithProvider } from './usecases/sign-in-with-provider.js';
import { Tickets } from './usecases/tickets.js';
import { Vault } from './usecases/vault.js';
import { ViewSecurity } from './usecases/view-security.js';

/** How people prove who they are, and what is kept of what they do. */
export const peopleProviders = [
  AccountLinks,
  AccountMails,
  AuditLog,
  AuditResolver,
  ChangePassword,
  ClientResolver,
  ClientTokenResultResolver,
  ConfirmEmail,
  EnrolTotp,
  ForgetSignIns,
  IssueClientToken,
  MachineClients,
  OidcClient,
  OwnPassword,
  OwnTokenResolver,
  OwnTokens,
  PasskeyCeremony,
  PasskeyResolver,
  Passkeys,
  PeopleGrpc,
  ProviderResolver,
  RefusedSignIns,
  Register,
  RegistrationResolver,
  SecondFactor,
  SharedFailures,
  SecondFactorResolver,
  SignIn,
  SignInPolicies,
  SignInResultResolver,
  SignInSessionResolver,
  SignInSessions,
  SignInWithPasskey,
  SignInWithProvider,
  Tickets,
  Vault,
  ViewSecurity,
];
