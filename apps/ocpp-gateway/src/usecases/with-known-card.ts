import { cardOf, type ChargerMessage } from '@kilowatch/ocpp';
import type { Station } from '../domain/station.js';
import type { KnownModels } from './known-models.js';

/** The message with the card's own number in it, where its model's reader adds something (Q42). */
export async function withKnownCard<Message extends ChargerMessage>(
  models: Pick<KnownModels, 'of'>,
  station: Station,
  message: Message,
): Promise<Message> {
  if (message.type !== 'authorize' && message.type !== 'transaction') return message;
  const { idToken } = message;
  if (idToken === null) return message;
  const { idTags } = await models.of(station);
  const card = cardOf(idToken, idTags);
  return card === idToken ? message : { ...message, idToken: card };
}
