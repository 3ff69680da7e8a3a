import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { isUuid, notFound } from '@kilowatch/kernel';
import { Allow, connection, CurrentPrincipal, pageRequest, type Principal } from '@kilowatch/platform';
import { RateSession } from '../../usecases/rate-session.js';
import { ViewRatings, type SessionFeedback } from '../../usecases/view-ratings.js';

@Resolver('Rating')
export class RatingResolver {
  constructor(
    private readonly view: ViewRatings,
    private readonly rate: RateSession,
  ) {}

  @Query()
  @Allow('feedback:read', 'all')
  async ratings(
    @Args() args: { first: number; after?: string; stationId?: string },
    @CurrentPrincipal() principal: Principal,
  ) {
    const page = pageRequest(args, ['id']);
    const stationId = args.stationId ?? undefined;
    const rows =
      stationId !== undefined && !isUuid(stationId) ? [] : await this.view.list(principal, page, stationId);
    return connection(page, rows, (rating) => [rating.id], toRatingNode);
  }

  @Mutation()
  @Allow('feedback:write')
  async rateSession(
    @Args('input') input: { sessionId: string; score: number; reasons?: string[]; text?: string },
    @CurrentPrincipal() principal: Principal,
  ) {
    if (!isUuid(input.sessionId)) throw notFound('FEEDBACK_SESSION', 'There is no such session.');
    const { score, reasons, text } = input;
    const said = { score, reasons: reasons ?? [], text: text ?? undefined };
    return { rating: toRatingNode(await this.rate.run(principal, input.sessionId, said)) };
  }
}

export function toRatingNode(rating: NonNullable<SessionFeedback['rating']>) {
  const { id, score, reasons, text, sessionId, createdAt, updatedAt } = rating;
  return { id, score, reasons, text: text ?? null, session: { id: sessionId }, createdAt, updatedAt };
}
