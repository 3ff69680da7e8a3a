import {
  Injectable,
  SetMetadata,
  UseGuards,
  applyDecorators,
  createParamDecorator,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { forbidden, unauthenticated } from '@kilowatch/kernel';
import { may, mayAll } from '../auth/ability.js';
import type { Permission } from '../auth/permissions.js';
import type { Principal } from '../auth/principal.js';
import type { GraphqlContext } from './context.js';

/** Metadata key of the rule on a resolver method or class. */
export const ACCESS_RULE = 'kilowatch:access-rule';

export type AccessRule = { public: true } | { permission: Permission; on: Breadth };

/** `some`: who may it on their own things only may use the resolver too. `all`: only who may it on everything of the tenant. */
export type Breadth = 'some' | 'all';

/** Refuses who is not signed in (UNAUTHENTICATED) or may not (FORBIDDEN). */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    // The method's rule replaces that of the class.
    const rule = this.reflector.getAllAndOverride<AccessRule | undefined>(ACCESS_RULE, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (rule && 'public' in rule) return true;
    assertAllowed(contextOf(context).principal, rule);
    return true;
  }
}

/** Throws UNAUTHENTICATED or FORBIDDEN. Without a rule nobody may. */
export function assertAllowed(principal: Principal | null, rule: AccessRule | undefined): void {
  if (rule && 'public' in rule) return;
  if (!principal) throw unauthenticated('AUTH_REQUIRED', 'Sign in first');
  if (!rule || !(rule.on === 'all' ? mayAll : may)(principal, rule.permission))
    throw forbidden('AUTH_ROLE', 'You may not do this');
}

/**
 * Who has the permission may use this resolver (a method, or all methods of a class). Whose object it is, the resolver checks with
 * `mayOn` or `ownerLimit`, or asks for `all` when it makes no difference between objects.
 */
export const Allow = (permission: Permission, on: Breadth = 'some') =>
  applyDecorators(SetMetadata(ACCESS_RULE, { permission, on } satisfies AccessRule), UseGuards(AccessGuard));

/** Anybody may, signed in or not (the request still comes through our gateway). */
export const Public = () => SetMetadata(ACCESS_RULE, { public: true } satisfies AccessRule);

/** Injects the principal; in a @Public resolver, where there may be none, use `@Context() context: GraphqlContext`. */
export const CurrentPrincipal = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { principal } = contextOf(context);
  if (!principal) throw unauthenticated('AUTH_REQUIRED', 'Sign in first');
  return principal;
});

/**
 * The GraphQL context: third argument of a field resolver, second of a reference resolver (which has no arguments).
 * Read here rather than by GqlExecutionContext so that services without GraphQL do not load that library.
 */
function contextOf(context: ExecutionContext): GraphqlContext {
  const args = context.getArgs<unknown[]>();
  return args[args.length === 3 ? 1 : 2] as GraphqlContext;
}
