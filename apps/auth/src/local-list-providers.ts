import {
  ListStationChangedConsumer,
  ListStationConnectedConsumer,
  ListStationDisconnectedConsumer,
  LocalListOverwrittenConsumer,
} from './transport/events/local-lists/station-consumers.js';
import {
  ListAccountChangedConsumer,
  ListDecidedConsumer,
  ListDecisionsConsumer,
  ListTokenChangedConsumer,
} from './transport/events/local-lists/token-consumers.js';
import { LocalListResolver, TokenBlockProgressResolver } from './transport/graphql/local-list.resolver.js';
import { AskListVersion } from './usecases/local-lists/ask-list-version.js';
import { ChangeLocalLists } from './usecases/local-lists/change-local-lists.js';
import { ClearCache } from './usecases/local-lists/clear-cache.js';
import { FollowStations } from './usecases/local-lists/follow-stations.js';
import { ExpireListEntries, FollowTokens } from './usecases/local-lists/follow-tokens.js';
import { LearnLimits } from './usecases/local-lists/learn-limits.js';
import { SendList } from './usecases/local-lists/send-list.js';
import { SyncLocalLists } from './usecases/local-lists/sync-local-lists.js';
import { SyncStation } from './usecases/local-lists/sync-station.js';
import { ViewLocalLists } from './usecases/local-lists/view-local-lists.js';

export const localListConsumers = [
  ListAccountChangedConsumer,
  ListDecidedConsumer,
  ListDecisionsConsumer,
  ListStationChangedConsumer,
  ListStationConnectedConsumer,
  ListStationDisconnectedConsumer,
  ListTokenChangedConsumer,
  LocalListOverwrittenConsumer,
];

export const localListWork = [ExpireListEntries, SyncLocalLists];

/** What stations know of tokens without asking: their local lists and caches. */
export const localListProviders = [
  ...localListConsumers,
  ...localListWork,
  AskListVersion,
  ChangeLocalLists,
  ClearCache,
  FollowStations,
  FollowTokens,
  LearnLimits,
  LocalListResolver,
  SendList,
  SyncStation,
  TokenBlockProgressResolver,
  ViewLocalLists,
];
