import type { AccountParts, SignInParts } from './documents/account.js';

export type AuthState =
  | { readonly status: 'starting' }
  /** A refresh token is there, but the platform could not be asked. */
  | { readonly status: 'unreachable' }
  | { readonly status: 'signed-out'; readonly notice?: 'SESSION_ENDED' }
  | { readonly status: 'signed-in'; readonly account: AccountParts };

export interface SignInRefusal {
  readonly reason: string;
  readonly retryAfterSeconds: number | null;
  /** The password was right: for the second step. */
  readonly challenge?: string;
}

/** What the session needs of the world; a test gives its own. */
export interface AuthPorts {
  signIn(email: string, password: string): Promise<SignInParts>;
  refresh(refreshToken: string): Promise<SignInParts>;
  signOut(refreshToken: string): Promise<unknown>;
  readToken(): string | null;
  writeToken(token: string | null): void;
  /** Runs one refresh at a time over all tabs: a refresh token used twice ends the whole sign-in. */
  exclusive<T>(run: () => Promise<T>): Promise<T>;
  now(): number;
  /** Runs later; returns what cancels it. */
  later(run: () => void, milliseconds: number): () => void;
}

const SAFETY_MS = 30_000;
const RETRY_MS = 10_000;

/**
 * Who is signed in. The access token lives in memory only; the refresh token outlives the page and is exchanged at
 * each use. `accessToken()` always hands out one that is valid for at least half a minute, or undefined.
 */
export class AuthSession {
  private state: AuthState = { status: 'starting' };
  private access: { token: string; expiresAt: number } | undefined;
  private running: Promise<string | undefined> | undefined;
  private cancelTimer: () => void = () => undefined;
  private readonly listeners = new Set<() => void>();
  private readonly renewed = new Set<() => void>();

  constructor(private readonly ports: AuthPorts) {}

  readonly snapshot = (): AuthState => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Called after each silent refresh: a socket opened with the old token must be opened again. */
  onRenewed(listener: () => void): void {
    this.renewed.add(listener);
  }

  async start(): Promise<void> {
    if (this.ports.readToken() === null) return this.move({ status: 'signed-out' });
    await this.refresh();
  }

  async signIn(email: string, password: string): Promise<SignInRefusal | undefined> {
    return this.enter(await this.ports.signIn(email, password));
  }

  /** Takes what a sign-in by whatever way gave: signed in, or why not. */
  enter(answer: SignInParts): SignInRefusal | undefined {
    if (answer.__typename === 'SignInRefused') return answer;
    if (answer.__typename === 'SecondFactorNeeded') {
      const reason = answer.enrolmentNeeded ? 'ENROLMENT_NEEDED' : 'CODE_NEEDED';
      return { reason, retryAfterSeconds: null, challenge: answer.challenge };
    }
    this.adopt(answer);
    return undefined;
  }

  async signOut(): Promise<void> {
    const token = this.ports.readToken();
    this.forget({ status: 'signed-out' });
    // The token dies by itself when the platform cannot be told.
    if (token !== null) await this.ports.signOut(token).catch(() => undefined);
  }

  async accessToken(): Promise<string | undefined> {
    if (this.access && this.access.expiresAt - this.ports.now() > SAFETY_MS) return this.access.token;
    if (this.state.status === 'signed-out') return undefined;
    return this.refresh();
  }

  /** The platform refused the access token: the next `accessToken()` gets a new one. */
  invalidate(token: string | undefined): void {
    if (this.access?.token === token) this.access = undefined;
  }

  private refresh(): Promise<string | undefined> {
    this.running ??= this.ports
      .exclusive(() => this.exchange())
      .finally(() => {
        this.running = undefined;
      });
    return this.running;
  }

  private async exchange(): Promise<string | undefined> {
    // Read inside the lock: another tab may just have exchanged the token this one knew.
    const token = this.ports.readToken();
    if (token === null) {
      this.forget({ status: 'signed-out' });
      return undefined;
    }
    const answer = await this.ports.refresh(token).catch(() => undefined);
    if (answer === undefined) {
      if (this.state.status !== 'signed-in') this.move({ status: 'unreachable' });
      this.schedule(RETRY_MS);
      return undefined;
    }
    if (answer.__typename === 'SignInRefused') {
      if (answer.reason === 'RATE_LIMITED') {
        this.schedule((answer.retryAfterSeconds ?? 10) * 1000);
        return undefined;
      }
      this.forget({ status: 'signed-out', notice: 'SESSION_ENDED' });
      return undefined;
    }
    if (answer.__typename === 'SecondFactorNeeded') return undefined;
    this.adopt(answer);
    for (const listener of this.renewed) listener();
    return answer.accessToken;
  }

  private adopt(answer: Extract<SignInParts, { __typename: 'SignedIn' }>): void {
    const expiresAt = Date.parse(answer.accessTokenExpiresAt);
    this.access = { token: answer.accessToken, expiresAt };
    this.ports.writeToken(answer.refreshToken);
    const lifetime = expiresAt - this.ports.now();
    this.schedule(Math.max(lifetime - Math.max(2 * SAFETY_MS, lifetime * 0.2), lifetime / 2, 1_000));
    this.move({ status: 'signed-in', account: answer.account });
  }

  private schedule(milliseconds: number): void {
    this.cancelTimer();
    this.cancelTimer = this.ports.later(() => void this.refresh(), milliseconds);
  }

  private forget(state: AuthState): void {
    this.cancelTimer();
    this.access = undefined;
    this.ports.writeToken(null);
    this.move(state);
  }

  private move(state: AuthState): void {
    this.state = state;
    for (const listener of this.listeners) listener();
  }
}
