import { Module } from '@nestjs/common';
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
import { decimal, notFound, type Decimal } from '@kilowatch/kernel';
import {
  Allow,
  CurrentPrincipal,
  Public,
  batchLoad,
  connection,
  currentCallContext,
  pageRequest,
  type GraphqlContext,
  type Principal,
} from '@kilowatch/platform';

interface Session {
  id: string;
  tenant: string;
  account: string;
  startedAt: Date;
}

const startedAt = new Date('2026-11-21T10:00:00.5Z');
const SESSIONS: readonly Session[] = [
  ...['s1', 's2', 's3'].map((id) => ({ id, tenant: 'demo', account: 'anna', startedAt })),
  { id: 's4', tenant: 'other', account: 'anna', startedAt },
];

/** How often the resolvers below were reached: a refused request must not reach any. */
export const reached = { resolvers: 0, loads: [] as (readonly string[])[] };

@Resolver('Session')
export class SessionResolver {
  @Public()
  @Query()
  version(): string {
    return '1';
  }

  @Allow('sessions:read')
  @Query()
  session(@Args('id') id: string, @CurrentPrincipal() principal: Principal): Session {
    reached.resolvers++;
    const found = SESSIONS.find(
      (one) => one.id === id && one.tenant === principal.tenant && one.account === principal.accountId,
    );
    if (!found) throw notFound('SESSION_NOT_FOUND', 'There is no such session', { id });
    return found;
  }

  @Allow('sessions:read')
  @Query()
  sessions(@Args() args: { first: number; after?: string }, @CurrentPrincipal() principal: Principal) {
    const page = pageRequest(args, ['text']);
    const mine = SESSIONS.filter((one) => one.tenant === principal.tenant);
    const start = page.after ? mine.findIndex(({ id }) => id === page.after?.[0]) + 1 : 0;
    return connection(page, mine.slice(start, start + page.limit), ({ id }) => [id]);
  }

  @Allow('devices:write')
  @Mutation()
  stopSession(): null {
    reached.resolvers++;
    return null;
  }

  @Allow('sessions:read')
  @ResolveReference()
  resolveReference(reference: { id: string }, context: GraphqlContext): Session {
    reached.resolvers++;
    const found = SESSIONS.find((one) => one.id === reference.id && one.tenant === context.principal?.tenant);
    if (!found) throw notFound('SESSION_NOT_FOUND', 'There is no such session');
    return found;
  }

  @Allow('sessions:read')
  @Query()
  explode(): string {
    throw new Error('relation "wallet" does not exist');
  }

  @Public()
  @Query()
  echo(@Args('at') at: Date, @Args('amount') amount: Decimal) {
    return {
      at,
      amount: amount.plus(decimal('0.10')),
      deadlineAt: currentCallContext()?.deadline,
      details: { nested: [1] },
    };
  }

  @Allow('sessions:read')
  @ResolveField()
  async cost(@Parent() session: Session, @Context() context: GraphqlContext): Promise<string | undefined> {
    reached.resolvers++;
    return batchLoad(context, 'test.cost', session.id, async (ids) => {
      reached.loads.push(ids);
      return new Map(ids.map((id) => [id, `${id.length}.50`]));
    });
  }
}

@Module({ providers: [SessionResolver] })
export class SubgraphTestModule {}

@Resolver('Session')
class UnruledResolver {
  @Query()
  version(): string {
    return 'open to everybody by mistake';
  }
}

@Module({ providers: [UnruledResolver] })
export class UnruledModule {}
