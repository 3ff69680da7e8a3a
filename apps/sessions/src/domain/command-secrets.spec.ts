import { expect, it } from 'vitest';
import { carriesCredential } from './command-secrets.js';

it.each([
  [{ key: 'AuthorizationKey', value: '00112233' }, true],
  [{ setVariableData: [{ variable: { name: 'BasicAuthPassword' }, attributeValue: 'x' }] }, true],
  [{ connectionData: { apn: { apnPassword: 'x' } } }, true],
  [{ location: 'ftp://host', userPassword: 'x' }, true],
  [{ location: 'ftp://cp-1:hush@files.example.org/cp-1/' }, true],
  [{ location: 'ftp://files.example.org:2121/a@b/' }, false],
  [{ key: 'HeartbeatInterval', value: '300' }, false],
  [{}, false],
])('%j carries a credential: %s', (payload, carries) => {
  expect(carriesCredential(JSON.stringify(payload))).toBe(carries);
});
