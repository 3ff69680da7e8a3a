import { Injectable } from '@nestjs/common';
import { events, type sessions } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { FollowReservation } from '../../usecases/follow-reservation.js';

@Injectable()
export class ReservationChangedConsumer implements EventHandler<sessions.ReservationChanged> {
  readonly event = events.reservationChanged;

  constructor(private readonly follow: FollowReservation) {}

  handle(tx: Tx, payload: sessions.ReservationChanged, meta: EventMeta): Promise<void> {
    return this.follow.run(tx, payload, meta);
  }
}
