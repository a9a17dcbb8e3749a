// One actor's account and tokens. A day is longer than the life of an access token, so tokens are refreshed before they
// expire. When a refresh fails, the actor signs in again.
import type { Session as Tokens } from "@food/shared/accounts/schema";
import { type Answer, type Api, type ApiCall, refusalError, type ServiceName } from "./api.ts";

const RENEW_BEFORE_MS = 60_000;

export interface Account {
  service: ServiceName;
  email: string;
  password: string;
}

/** A call as the actor; by default to the actor's own service. */
type OwnCall = Omit<ApiCall, "service" | "accessToken"> & Partial<Pick<ApiCall, "service">>;

export class Session {
  private renewing: Promise<void> | undefined;
  private renewAt = 0;

  private constructor(
    private readonly api: Api,
    private readonly account: Account,
    private tokens: Tokens,
  ) {
    this.take(tokens);
  }

  /** Registers at this path and signs in. Uses an existing account, which a lost answer may have left. */
  static async register(api: Api, account: Account, path: string, profile: object): Promise<Session> {
    const { service, email, password } = account;
    const body = { email, password, ...profile };
    const call: ApiCall = { service, method: "POST", path, body, expected: [409] };
    const answer = await api.send(call);
    if (!answer.ok && answer.status !== 409) throw refusalError(call, answer);
    return new Session(api, account, await api.require<Tokens>(signIn(account)));
  }

  /** `Api.send` as this actor. */
  async send<T>(call: OwnCall): Promise<Answer<T>> {
    if (Date.now() >= this.renewAt) await this.renew();
    const expected = [...(call.expected ?? []), 401];
    const answer = await this.api.send<T>({ ...this.identity, ...call, expected });
    if (answer.ok || answer.status !== 401) return answer;
    await this.renew();
    return this.api.send<T>({ ...this.identity, ...call });
  }

  /** `Api.require` as this actor. */
  require<T>(call: OwnCall): Promise<T> {
    return this.api.require<T>({ ...this.identity, ...call });
  }

  /** `Api.listen` as this actor. */
  async listen(call: { path: string; signal: AbortSignal }, onEvent: () => void): Promise<void> {
    if (Date.now() >= this.renewAt) await this.renew();
    await this.api.listen({ ...this.identity, method: "GET", ...call }, onEvent);
  }

  private get identity() {
    return { service: this.account.service, accessToken: this.tokens.accessToken };
  }

  /** Renews once for all concurrent calls. */
  private renew(): Promise<void> {
    this.renewing ??= this.renewOnce().finally(() => {
      this.renewing = undefined;
    });
    return this.renewing;
  }

  private async renewOnce() {
    const { service } = this.account;
    const { refreshToken } = this.tokens;
    const path = "/v1/sessions/refresh";
    const refreshed = await this.api.send<Tokens>({
      service,
      method: "POST",
      path,
      body: { refreshToken },
      expected: [401],
    });
    const answer = refreshed.ok ? refreshed : await this.api.send<Tokens>(signIn(this.account));
    if (answer.ok) this.take(answer.body);
  }

  private take(tokens: Tokens) {
    this.tokens = tokens;
    this.renewAt = Date.now() + Math.max(tokens.expiresIn * 500, tokens.expiresIn * 1000 - RENEW_BEFORE_MS);
  }
}

const signIn = ({ service, email, password }: Account): ApiCall => ({
  service,
  method: "POST",
  path: "/v1/sessions",
  body: { email, password },
});
