import { expect, it } from 'vitest';
import { WireWatch } from './wire-watch.js';

it('notes a CALLERROR to a transaction message, and no other', () => {
  const wire = new WireWatch('CP-1');
  wire.note('sent', [2, '1', 'MeterValues', {}]);
  wire.note('received', [4, '1', 'InternalError', 'no database', {}]);
  wire.note('sent', [2, '2', 'Heartbeat', {}]);
  wire.note('received', [4, '2', 'InternalError', '', {}]);
  wire.note('sent', [2, '3', 'StopTransaction', {}]);
  wire.note('received', [3, '3', {}]);
  // The charger's own refusal of a command is its own affair.
  wire.note('received', [2, '4', 'Reset', {}]);
  wire.note('sent', [4, '4', 'NotSupported', '', {}]);
  expect(wire.refusals).toEqual(['CP-1: MeterValues was answered with CALLERROR InternalError no database']);
});
