import { describe, expect, it } from 'vitest';
import { contractsSources, type ProtoImage } from './contracts-index.js';

const meta = { name: 'meta', number: 1, typeName: '.kilowatch.common.v1.EventMeta' };
const file = (name: string, pkg: string, messages: { name: string; field?: (typeof meta)[] }[] = []) => ({
  name,
  package: pkg,
  messageType: messages,
});
const indexOf = (image: ProtoImage) => (contractsSources(image).get('index.ts') ?? '').replace(/\s+/g, ' ');

describe('the index of the contracts', () => {
  it('registers a message that starts with EventMeta under its subject parts', () => {
    const text = indexOf({
      file: [
        file('k/load_events.proto', 'kilowatch.load_management.v1', [
          { name: 'SessionLimitChanged', field: [meta] },
        ]),
      ],
    });
    expect(text).toContain(
      "sessionLimitChanged: eventType<loadManagement.SessionLimitChanged>('load-management', 'session_limit_changed', 1, loadManagement.SessionLimitChanged)",
    );
  });

  it('leaves out messages without EventMeta first, and files that hold no events', () => {
    const text = indexOf({
      file: [
        file('k/a_events.proto', 'kilowatch.auth.v1', [
          { name: 'Part', field: [{ ...meta, name: 'other' }] },
          { name: 'Late', field: [{ ...meta, number: 2 }] },
          { name: 'Empty' },
        ]),
        file('k/a_service.proto', 'kilowatch.auth.v1', [{ name: 'Request', field: [meta] }]),
      ],
    });
    expect(text).not.toMatch(/part:|late:|empty:|request:/);
  });

  it('gives one namespace to all files of a package, and none to foreign packages', () => {
    const sources = contractsSources({
      file: [
        file('k/b_service.proto', 'kilowatch.ocpp_gateway.v1'),
        file('k/a_events.proto', 'kilowatch.ocpp_gateway.v1'),
        file('google/protobuf/timestamp.proto', 'google.protobuf'),
      ],
    });
    expect([...sources.keys()]).toEqual(['generated/ocpp-gateway.ts', 'index.ts']);
    expect(sources.get('generated/ocpp-gateway.ts')).toContain(
      "export * from './k/a_events.js';\nexport * from './k/b_service.js';",
    );
  });

  it('refuses two events of the same name', () => {
    const message = { name: 'StationChanged', field: [meta] };
    const image = {
      file: [
        file('k/a_events.proto', 'kilowatch.auth.v1', [message]),
        file('k/b_events.proto', 'kilowatch.sessions.v1', [message]),
      ],
    };
    expect(() => contractsSources(image)).toThrow(/two events named StationChanged/);
  });

  it('keeps the second version of an event beside the first', () => {
    const text = indexOf({
      file: [file('k/a_events.proto', 'kilowatch.auth.v2', [{ name: 'TokenChanged', field: [meta] }])],
    });
    expect(text).toContain("tokenChangedV2: eventType<authV2.TokenChanged>('auth', 'token_changed', 2,");
  });
});
