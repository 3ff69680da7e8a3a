import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KEPT_LENGTH, maskFrame } from './frame-mask.js';

describe('maskFrame', () => {
  it.each([
    ['a card that is presented', '[2,"1","Authorize",{"idTag":"04A1B2C3D4E5F6"}]'],
    [
      'a token of 2.x',
      '[2,"1","TransactionEvent",{"idToken":{"idToken":"04A1B2C3D4E5F6","type":"ISO14443"}}]',
    ],
    [
      'the group in an answer',
      '[3,"1",{"idTokenInfo":{"groupIdToken":{"idToken":"04A1B2C3D4E5F6","type":"Central"}}}]',
    ],
    ['a local list', '[2,"1","SendLocalList",{"localAuthorizationList":[{"idTag":"04A1B2C3D4E5F6"}]}]'],
    [
      'a password that is set',
      '[2,"1","ChangeConfiguration",{"key":"AuthorizationKey","value":"04A1B2C3D4E5F6"}]',
    ],
    [
      'a password that a charger tells',
      '[3,"1",{"configurationKey":[{"key":"AuthorizationKey","readonly":false,"value":"04A1B2C3D4E5F6"}]}]',
    ],
    [
      'a card in a frame that breaks off',
      '[2,"1","StartTransaction",{"connectorId":1,"idTag":"04A1B2C3D4E5F6"',
    ],
    ['a card whose text breaks off', '[2,"1","StartTransaction",{"connectorId":1,"idTag":"04A1B2C3D4E5'],
    ['a card outside of any frame', '{"idTag":"04A1B2C3D4E5F6"}'],
    ['a card in a list that is no frame', '["idTag","04A1B2C3D4E5F6"]'],
    ['a payload that is a card', '[2,"1","Authorize","04A1B2C3D4E5F6"]'],
    ['a payload that is a list of cards', '[2,"1","Authorize",["04A1B2C3D4E5F6"]]'],
    [
      'plug and charge over 1.6',
      '[2,"1","DataTransfer",{"vendorId":"v","data":"{\\"idToken\\":{\\"idToken\\":\\"04A1B2C3D4E5F6\\"}}"}]',
    ],
    [
      'our payload that comes back in an error',
      '[4,"1","InternalError","{\\"idTag\\":\\"04A1B2C3D4E5F6\\",\\"x",{}]',
    ],
    [
      'a password that a station reports',
      '[2,"1","NotifyReport",{"reportData":[{"variable":{"name":"BasicAuthPassword"},"variableAttribute":[{"value":"04A1B2C3D4E5F6"}]}]}]',
    ],
  ])('hides %s', (_what, text) => {
    expect(maskFrame(text).text).not.toContain('04A1B2C3');
  });

  it('hides what a station tells of a customer, where files go and how it gets in there', () => {
    const told = maskFrame('[2,"1","NotifyCustomerInformation",{"data":"Dora Driver","seqNo":0}]').text;
    expect(told).toBe('[2,"1","NotifyCustomerInformation",{"data":"[redacted]","seqNo":0}]');
    const log = maskFrame(
      '[2,"1","GetLog",{"log":{"remoteLocation":"https://x.example/uploads/abc_-9/"}}]',
    ).text;
    expect(log).not.toContain('abc_-9');
    expect(maskFrame('[2,"1","UpdateFirmware",{"location":"ftp://me:hush@x/"}]').text).not.toContain('hush');
  });

  it('leaves a frame without secrets as it came, white space and all', () => {
    const text = '[2, "1",  "MeterValues", {"connectorId":1,"meterValue":[]}]';
    expect(maskFrame(text)).toEqual({ text, truncated: false });
  });

  it('keeps a bounded part of a long frame, and says so', () => {
    const { text, truncated } = maskFrame(`[2,"1","DataTransfer",{"data":"${'x'.repeat(100_000)}"}]`);
    expect([text.length, truncated]).toEqual([KEPT_LENGTH, true]);
  });

  it('hides a card below any depth, and stops nobody by it', () => {
    const deep = `[2,"1","Authorize",{"idTag":"04A1B2C3D4E5F6","x":${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}}]`;
    expect(maskFrame(deep).text).not.toContain('04A1B2C3');
  });

  it('never shows a card, whatever stands around it, and never throws', () => {
    fc.assert(
      fc.property(fc.json(), fc.string(), (json, noise) => {
        const frame = `[2,"${encodeURIComponent(noise).slice(0, 36)}","Authorize",{"idTag":"04A1B2C3D4E5F6","x":${json}}]`;
        expect(maskFrame(frame).text).not.toContain('04A1B2C3');
        maskFrame(noise);
      }),
    );
  });
});
