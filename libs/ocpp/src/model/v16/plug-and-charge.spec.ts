import { describe, expect, it } from 'vitest';
import type { DataTransferMessage } from '../charger-message.js';
import { PNC_VENDOR, pncAnswer, pncRequest } from './plug-and-charge.js';

const transfer = (parts: Partial<DataTransferMessage>): DataTransferMessage => ({
  type: 'dataTransfer',
  vendorId: PNC_VENDOR,
  messageId: 'Authorize',
  data: '{"idToken":{"idToken":"DE-ABC-C12345678-X","type":"eMAID"}}',
  ...parts,
});

describe('plug and charge over 1.6', () => {
  it('reads the 2.0.1 request out of the text', () => {
    expect(pncRequest(transfer({}))).toEqual({
      kind: 'request',
      action: 'Authorize',
      payload: { idToken: { idToken: 'DE-ABC-C12345678-X', type: 'eMAID' } },
    });
  });

  it('is not meant by another vendor', () => {
    expect(pncRequest(transfer({ vendorId: 'com.example' }))).toBeNull();
  });

  it.each([
    [{ messageId: 'MakeCoffee' }, 'UnknownMessageId'],
    [{ messageId: 'toString' }, 'UnknownMessageId'],
    [{ messageId: null }, 'UnknownMessageId'],
    [{ data: null }, 'Rejected'],
    [{ data: 'no json' }, 'Rejected'],
    [{ data: '[1]' }, 'Rejected'],
  ] as const)('answers %j with %s', (parts, status) => {
    expect(pncRequest(transfer(parts))).toEqual({
      kind: 'refused',
      answer: { type: 'dataTransfer', status },
    });
  });

  it('wire: plug and charge: the answer carries JSON as text', () => {
    const { data, status } = pncAnswer({ idTokenInfo: { status: 'Accepted' } });
    expect([status, data]).toEqual(['Accepted', '{"idTokenInfo":{"status":"Accepted"}}']);
  });
});
