import { useMutation } from '@apollo/client/react';
import { useState, type FormEvent } from 'react';
import { RateSessionDocument } from '../../api/documents/session.js';
import { errorSentence } from '../../api/error-text.js';
import { Button } from '../../ui/button.js';
import { formatTime } from '../../ui/format.js';
import { Icon } from '../../ui/icon.js';
import { Card } from '../../ui/page.js';
import { Notice } from '../../ui/states.js';
import { RATING_REASONS, SCORES, type RatingReason } from '../../words/alert-words.js';
import type { ShownSession } from './session-page.js';

const TEXT_LIMIT = 2_000;
const REASONS = Object.keys(RATING_REASONS) as RatingReason[];

/** One's own rating of a finished session: written once, shown, and changed within the time the platform allows. */
export function RatingCard({ session }: { session: ShownSession }) {
  const { rating, canRate } = session;
  const [isEditing, setEditing] = useState(false);
  const [thanks, setThanks] = useState(false);
  if (!rating && canRate !== true) return null;
  if (!rating || isEditing) {
    return (
      <Card title={rating ? 'Change your rating' : 'How was it?'} id="rating">
        <RatingForm
          session={session}
          onSaved={() => {
            setEditing(false);
            setThanks(true);
          }}
          onCancel={rating ? () => setEditing(false) : undefined}
        />
      </Card>
    );
  }
  return (
    <Card
      title="Your rating"
      id="rating"
      actions={canRate && <Button onClick={() => setEditing(true)}>Change</Button>}
    >
      {thanks && <Notice tone="good">Thank you. Your rating is saved.</Notice>}
      <p className="stars-shown">
        <span className="visually-hidden">{rating.score} of 5 stars</span>
        {SCORES.map(({ score }) => (
          <span key={score} data-on={score <= rating.score || undefined}>
            <Icon name="star" filled={score <= rating.score} />
          </span>
        ))}
      </p>
      {rating.reasons.length > 0 && (
        <ul className="chips">
          {rating.reasons.map((reason) => (
            <li key={reason}>{RATING_REASONS[reason]}</li>
          ))}
        </ul>
      )}
      {rating.text && <p>{rating.text}</p>}
      <p className="quiet">{formatTime(rating.updatedAt, 'date-time')}</p>
    </Card>
  );
}

interface RatingFormProps {
  readonly session: ShownSession;
  readonly onSaved: () => void;
  readonly onCancel: (() => void) | undefined;
}

function RatingForm({ session, onSaved, onCancel }: RatingFormProps) {
  const { rating } = session;
  const [score, setScore] = useState(rating?.score ?? 0);
  const [text, setText] = useState(rating?.text ?? '');
  const [problem, setProblem] = useState<string>();
  const [save, { loading }] = useMutation(RateSessionDocument, {
    update: (cache, { data }) => {
      if (!data) return;
      const reference = cache.identify({ __typename: 'Rating', id: data.rateSession.rating.id });
      cache.modify({
        id: cache.identify({ __typename: 'Session', id: session.id }),
        fields: { rating: () => (reference ? { __ref: reference } : null) },
      });
    },
  });

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (score === 0) return setProblem('Choose one to five stars first.');
    const reasons = new FormData(event.currentTarget).getAll('reasons') as RatingReason[];
    setProblem(undefined);
    try {
      await save({
        variables: { input: { sessionId: session.id, score, reasons, text: text.trim() || null } },
      });
      onSaved();
    } catch (error) {
      setProblem(errorSentence(error));
    }
  };

  return (
    <form className="rating-form" aria-label="Rating" onSubmit={(event) => void submit(event)}>
      <fieldset className="stars">
        <legend>Your rating</legend>
        {SCORES.map((option) => (
          <label key={option.score} data-on={option.score <= score || undefined}>
            <input
              type="radio"
              name="score"
              value={option.score}
              checked={score === option.score}
              onChange={() => {
                setScore(option.score);
                setProblem(undefined);
              }}
            />
            <Icon name="star" filled={option.score <= score} />
            <span className="visually-hidden">
              {option.score} {option.score === 1 ? 'star' : 'stars'}: {option.text}
            </span>
          </label>
        ))}
        <span className="stars-word" aria-hidden="true">
          {SCORES.find((option) => option.score === score)?.text}
        </span>
      </fieldset>
      <fieldset className="chip-choices">
        <legend>What stood out? (optional)</legend>
        {REASONS.map((reason) => (
          <label key={reason}>
            <input
              type="checkbox"
              name="reasons"
              value={reason}
              defaultChecked={rating?.reasons.includes(reason) ?? false}
            />
            <span>{RATING_REASONS[reason]}</span>
          </label>
        ))}
      </fieldset>
      <label className="field">
        <span>In your own words (optional)</span>
        <textarea
          name="text"
          rows={3}
          maxLength={TEXT_LIMIT}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        {text.length > TEXT_LIMIT * 0.9 && (
          <span className="quiet">{TEXT_LIMIT - text.length} characters left</span>
        )}
      </label>
      {problem && <Notice tone="bad">{problem}</Notice>}
      <div className="form-actions">
        <Button type="submit" look="primary" busy={loading ? 'Saving…' : undefined}>
          {rating ? 'Save rating' : 'Send rating'}
        </Button>
        {onCancel && <Button onClick={onCancel}>Cancel</Button>}
      </div>
    </form>
  );
}
