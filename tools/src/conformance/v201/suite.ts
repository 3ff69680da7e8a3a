import type { OcppVersion } from '@kilowatch/ocpp';
import type { Block } from '../conformance-case.js';
import { rpcCases } from '../shared/rpc.js';
import { A_SECURITY } from './a-security.js';
import { B_PROVISIONING } from './b-provisioning.js';
import { C_AUTHORISATION } from './c-authorisation.js';
import { D_LOCAL_LIST } from './d-local-list.js';
import { E_REUSED_IDS } from './e-reused-ids.js';
import { E_TRANSACTIONS } from './e-transactions.js';
import { F_REMOTE_CONTROL } from './f-remote-control.js';
import { G_AVAILABILITY } from './g-availability.js';
import { H_RESERVATION } from './h-reservation.js';
import { I_COST, J_METER } from './ij-cost-and-meter.js';
import { K_SMART_CHARGING } from './k-smart-charging.js';
import { L_FIRMWARE } from './l-firmware.js';
import { M_CERTIFICATES } from './m-certificates.js';
import { N_LOGS } from './n-logs.js';
import { N_MONITORING } from './n-monitoring.js';
import { O_DISPLAY, P_DATA_TRANSFER } from './op-display-and-data.js';

/** Blocks A to P, which 2.0.1 and 2.1 share. */
export function blocksOf2(version: Exclude<OcppVersion, '1.6'>): readonly Block[] {
  return [
    { name: 'A Security', cases: A_SECURITY },
    { name: 'B Provisioning', cases: B_PROVISIONING },
    { name: 'C Authorisation', cases: C_AUTHORISATION },
    { name: 'D Local authorisation list', cases: D_LOCAL_LIST },
    { name: 'E Transactions', cases: [...E_TRANSACTIONS, ...E_REUSED_IDS] },
    { name: 'F Remote control', cases: F_REMOTE_CONTROL },
    { name: 'G Availability', cases: G_AVAILABILITY },
    { name: 'H Reservation', cases: H_RESERVATION },
    { name: 'I Tariff and cost', cases: I_COST },
    { name: 'J Meter values', cases: J_METER },
    { name: 'K Smart charging', cases: K_SMART_CHARGING },
    { name: 'L Firmware', cases: L_FIRMWARE },
    { name: 'M Certificates', cases: M_CERTIFICATES },
    { name: 'N Diagnostics and monitoring', cases: [...N_MONITORING, ...N_LOGS] },
    { name: 'O Display messages', cases: O_DISPLAY },
    { name: 'P Data transfer', cases: P_DATA_TRANSFER },
    { name: 'Message layer', cases: rpcCases(version) },
  ];
}

export const V201 = blocksOf2('2.0.1');
