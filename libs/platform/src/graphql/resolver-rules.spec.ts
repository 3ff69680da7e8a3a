import { Mutation, Query, ResolveField, ResolveReference, Resolver } from '@nestjs/graphql';
import { describe, expect, it } from 'vitest';
import { Allow, Public } from './access.js';
import { findUnruledResolvers } from './resolver-rules.js';

const SCHEMA = `
  type Query { session: Session plain: Plain }
  type Mutation { stop: Boolean }
  type Session @key(fields: "id") { id: ID! cost: String stub: Stub }
  type Stub @key(fields: "id", resolvable: false) { id: ID! name: String }
  type Plain { value: String }
`;
const STUBS = `
  type Stub @key(fields: "id", resolvable: false) { id: ID! name: String }
  type Plain { value: String }
`;

describe('findUnruledResolvers', () => {
  it('names each root field, reference resolver and field of an entity without a rule', () => {
    @Resolver('Session')
    class Open {
      @Query() session() {}
      @Mutation('stop') stopSession() {}
      @ResolveReference() resolveReference() {}
      @ResolveField('cost') costOf() {}
      @Public() @Query() plain() {}
      helper() {}
    }
    const holes = findUnruledResolvers([Open], SCHEMA);
    expect(holes).toHaveLength(4);
    expect(holes[0]).toContain('Open.session (Query.session) has no access rule');
    expect(holes[1]).toContain('Open.stopSession (Mutation.stop)');
    expect(holes[2]).toContain('Open.resolveReference (reference of Session)');
    expect(holes[3]).toContain('Open.costOf (Session.cost)');
  });

  it('is content with rules on methods or on the class', () => {
    @Resolver('Session')
    class PerMethod {
      @Public() @Query() plain() {}
      @Allow('sessions:write') @Mutation('stop') stop() {}
      @Allow('sessions:read') @Query() session() {}
      @Public() @ResolveReference() resolveReference() {}
      @Allow('billing:read') @ResolveField() cost() {}
    }
    @Resolver('Session')
    @Allow('sessions:read', 'all')
    class PerClass {
      @Query() session() {}
      @ResolveReference() resolveReference() {}
    }
    expect(findUnruledResolvers([PerMethod, PerClass], SCHEMA)).toEqual([]);
  });

  it('asks nothing of fields whose parent only our own resolvers give out', () => {
    @Resolver('Plain')
    class Plain {
      @Public() @Query() plain() {}
      @ResolveField() value() {}
    }
    @Resolver('Stub')
    class Stub {
      @Public() @Query() stub() {}
      @ResolveField() name() {}
    }
    expect(findUnruledResolvers([Plain, Stub], 'type Query { plain: Plain stub: Stub } ' + STUBS)).toEqual(
      [],
    );
  });

  it('finds a resolver method inherited from a base class or on a class without @Resolver', () => {
    class Base {
      @Query() session() {}
    }
    class Derived extends Base {}
    expect(findUnruledResolvers([Derived], 'type Query { session: Int }')).toHaveLength(1);
  });

  it('treats an extended entity as an entity', () => {
    @Resolver('Station')
    class Extension {
      @Allow('stations:read') @ResolveReference() reference() {}
      @ResolveField() revenue() {}
    }
    const schema = 'extend type Station @key(fields: "id") { id: ID! revenue: Int }';
    expect(findUnruledResolvers([Extension], schema)).toHaveLength(1);
  });
});
