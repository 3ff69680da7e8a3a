import {
  Args,
  Context,
  Mutation,
  Parent,
  Query,
  ResolveField,
  ResolveReference,
  Resolver,
} from '@nestjs/graphql';
import { invalid, isUuid, notFound } from '@kilowatch/kernel';
import {
  Allow,
  batchLoad,
  connection,
  CurrentPrincipal,
  pageRequest,
  Public,
  type GraphqlContext,
  type Principal,
} from '@kilowatch/platform';
import type { Role } from '../../domain/account.js';
import { actorOf } from '../../usecases/audit-log.js';
import { CreateAccount } from '../../usecases/create-account.js';
import { SetAccountActive } from '../../usecases/set-account-active.js';
import { SignIn, type Presented } from '../../usecases/sign-in.js';
import { SignInSessions } from '../../usecases/sign-in-sessions.js';
import { ViewPeople } from '../../usecases/view-people.js';
import { toAccountNode, type AccountNode } from './account-node.js';
import { deviceOf, toSignInResult } from './sign-in-result.js';
import { toTokenNode } from './token.resolver.js';

@Resolver('Account')
export class AccountResolver {
  constructor(
    private readonly view: ViewPeople,
    private readonly signInCase: SignIn,
    private readonly sessions: SignInSessions,
    private readonly create: CreateAccount,
    private readonly switching: SetAccountActive,
  ) {}

  @Query()
  @Allow('accounts:read')
  async me(@CurrentPrincipal() principal: Principal): Promise<AccountNode> {
    return toAccountNode(await this.view.me(principal));
  }

  @Query()
  @Allow('accounts:read', 'all')
  async accounts(
    @Args() args: { first: number; after?: string; search?: string },
    @CurrentPrincipal() principal: Principal,
  ) {
    const page = pageRequest(args, ['id']);
    const { rows, total } = await this.view.listAccounts(principal, page, args.search);
    return { ...connection(page, rows, (account) => [account.id], toAccountNode), totalCount: total };
  }

  @Mutation()
  @Public()
  async signIn(@Args('input') input: Presented, @Context() context: GraphqlContext) {
    return toSignInResult(await this.signInCase.withPassword(input, deviceOf(context)));
  }

  @Mutation()
  @Public()
  async refreshSession(@Args('input') input: { refreshToken: string }, @Context() context: GraphqlContext) {
    return toSignInResult(await this.sessions.refresh(input.refreshToken, deviceOf(context)));
  }

  @Mutation()
  @Public()
  async signOut(@Args('input') input: { refreshToken: string }, @Context() context: GraphqlContext) {
    await this.sessions.signOut(input.refreshToken, deviceOf(context));
    return { signedOut: true };
  }

  @Mutation()
  @Allow('accounts:write', 'all')
  async createAccount(
    @Args('input')
    input: {
      email: string;
      password?: string | null;
      displayName: string;
      role: Uppercase<Role>;
      party?: string | null;
      locale?: string;
    },
    @CurrentPrincipal() principal: Principal,
    @Context() { clientAddress }: GraphqlContext,
  ) {
    const role = input.role.toLowerCase() as Role;
    const account = await this.create.run(
      principal.tenant,
      {
        ...input,
        role,
        password: input.password ?? undefined,
        party: input.party ?? undefined,
        locale: input.locale ?? undefined,
      },
      actorOf(principal, clientAddress),
    );
    return { account: toAccountNode(account) };
  }

  @Mutation()
  @Allow('accounts:write', 'all')
  async setAccountActive(
    @Args('input') input: { accountId: string; active: boolean; reason: string },
    @CurrentPrincipal() principal: Principal,
    @Context() { clientAddress }: GraphqlContext,
  ) {
    if (!isUuid(input.accountId)) throw notFound('AUTH_ACCOUNT', 'There is no such account.');
    if (input.reason.trim() === '') throw invalid('AUTH_REASON', 'Say why: the reason is kept.');
    return { account: toAccountNode(await this.switching.run(principal, input, clientAddress)) };
  }

  @ResolveReference()
  @Allow('accounts:read')
  async reference(reference: { id: string }, context: GraphqlContext): Promise<AccountNode | null> {
    const { principal } = context;
    if (!principal || !isUuid(reference.id)) return null;
    const account = await batchLoad(context, 'auth.account', reference.id, (ids) =>
      this.view.accounts(principal, ids),
    );
    return account ? toAccountNode(account) : null;
  }

  @ResolveField()
  @Allow('tokens:read')
  async tokens(
    @Parent() account: AccountNode,
    @Args() args: { first: number; after?: string },
    @Context() context: GraphqlContext,
  ) {
    const page = pageRequest(args, ['id']);
    const { rows, total } = await this.view.listTokens(context.principal!, page, { ofAccount: account.id });
    return { ...connection(page, rows, (token) => [token.id], toTokenNode), totalCount: total };
  }
}
