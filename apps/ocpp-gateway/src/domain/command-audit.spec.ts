import { describe, expect, it } from 'vitest';
import { auditPayload } from './command-audit.js';

describe('auditPayload', () => {
  it('masks tokens wherever they stand', () => {
    const kept = JSON.stringify(
      auditPayload({ idTag: '04A1B2C3D4', idToken: { idToken: '04A1B2C3D4', type: 'ISO14443' } }),
    );
    expect(kept).not.toContain('04A1B2');
    expect(kept).toContain('ISO14443');
  });

  it('masks every entry of a local list', () => {
    const payload = { localAuthorizationList: [{ idTag: 'SECRETTAG1' }, { idTag: 'SECRETTAG2' }] };
    expect(JSON.stringify(auditPayload(payload))).not.toContain('SECRETTAG');
  });

  it('drops the value of a secret setting, in both versions', () => {
    expect(auditPayload({ key: 'AuthorizationKey', value: 'hunter2hunter2' })).toEqual({
      key: 'AuthorizationKey',
      value: '[redacted]',
    });
    const variables = {
      setVariableData: [{ variable: { name: 'BasicAuthPassword' }, attributeValue: 'hunter2' }],
    };
    expect(JSON.stringify(auditPayload(variables))).not.toContain('hunter2');
  });

  it('masks a customer, the token of an upload and the password in an address', () => {
    const log = { remoteLocation: 'https://ocpp.example/uploads/abcDEF_-123/' };
    expect(auditPayload({ log })).toEqual({
      log: { remoteLocation: 'https://ocpp.example/uploads/[redacted]/' },
    });
    expect(auditPayload({ location: 'ftp://me:hush@fw.example/a.bin' })).toEqual({
      location: 'ftp://[redacted]@fw.example/a.bin',
    });
    expect(JSON.stringify(auditPayload({ customerIdentifier: 'Dora Driver' }))).not.toContain('Dora');
  });

  it('masks settings that a network is entered with', () => {
    const payload = { key: 'VendorApnUser', value: 'hunter2' };
    expect(auditPayload(payload)).toEqual({ ...payload, value: '[redacted]' });
  });

  it('keeps what is no secret', () => {
    const payload = { key: 'HeartbeatInterval', value: '300', connectorId: 1 };
    expect(auditPayload(payload)).toEqual(payload);
  });
});
