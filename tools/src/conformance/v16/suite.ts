import type { Block } from '../conformance-case.js';
import { rpcCases } from '../shared/rpc.js';
import { CORE_CONFIGURATION } from './core-configuration.js';
import { CORE_OFFLINE } from './core-offline.js';
import { CORE_REMOTE } from './core-remote.js';
import { CORE_SESSIONS } from './core-sessions.js';
import { FIRMWARE } from './firmware.js';
import { LOCAL_LIST } from './local-list.js';
import { REMOTE_TRIGGER } from './remote-trigger.js';
import { RESERVATION } from './reservation.js';
import { SECURITY } from './security.js';
import { SMART_CHARGING } from './smart-charging.js';

export const V16: readonly Block[] = [
  { name: 'Core: sessions', cases: CORE_SESSIONS },
  { name: 'Core: offline', cases: CORE_OFFLINE },
  { name: 'Core: commands', cases: CORE_REMOTE },
  { name: 'Core: configuration, availability, data transfer', cases: CORE_CONFIGURATION },
  { name: 'Remote trigger', cases: REMOTE_TRIGGER },
  { name: 'Local authorisation list', cases: LOCAL_LIST },
  { name: 'Reservation', cases: RESERVATION },
  { name: 'Smart charging', cases: SMART_CHARGING },
  { name: 'Firmware management', cases: FIRMWARE },
  { name: 'Security', cases: SECURITY },
  { name: 'Message layer', cases: rpcCases('1.6') },
];
