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
import type { Principal, Role } from '../auth/principal.js';
import type { GraphqlContext } from './context.js';

/** Metadata key of the rule on a resolver method or class. */
export const ACCESS_RULE = 'kilowatch:access-rule';

export type AccessRule = { public: true } | { roles: readonly Role[] };

/** Refuses who is not signed in (UNAUTHENTICATED) or holds none of the roles (FORBIDDEN). */
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
    const principal = contextOf(context).principal;
    if (!principal) throw unauthenticated('AUTH_REQUIRED', 'Sign in first');
    if (!rule?.roles.includes(principal.role)) throw forbidden('AUTH_ROLE', 'You may not do this');
    return true;
  }
}

/** Signed-in people with one of the roles may use this resolver (a method, or all methods of a class). */
export const Allow = (...roles: [Role, ...Role[]]) =>
  applyDecorators(SetMetadata(ACCESS_RULE, { roles } satisfies AccessRule), UseGuards(AccessGuard));

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
