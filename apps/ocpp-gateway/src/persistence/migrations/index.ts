import { GatewayTables1763700000000 } from './0001-gateway-tables.js';

export const migrations = [GatewayTables1763700000000];
