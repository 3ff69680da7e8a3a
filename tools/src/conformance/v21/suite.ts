import type { Block } from '../conformance-case.js';
import { blocksOf2 } from '../v201/suite.js';
import { COMMANDS_21 } from './commands.js';
import { DYNAMIC_SCHEDULES_21 } from './dynamic-schedules.js';
import { EVENT_STREAMS_21 } from './event-streams.js';
import { MESSAGE_LAYER_21 } from './message-layer.js';
import { STATION_MESSAGES_21 } from './station-messages.js';

export const V21: readonly Block[] = [
  ...blocksOf2('2.1'),
  { name: 'SEND and CALLRESULTERROR (2.1)', cases: MESSAGE_LAYER_21 },
  { name: 'Messages of the station that came with 2.1', cases: STATION_MESSAGES_21 },
  { name: 'Dynamic schedules (2.1)', cases: DYNAMIC_SCHEDULES_21 },
  { name: 'Streams of events (2.1)', cases: EVENT_STREAMS_21 },
  { name: 'Commands that came with 2.1', cases: COMMANDS_21 },
];
