/** A connection for subscriptions. After `ready` they are as before; messages sent since `close` are lost. */
export interface Subscriber {
  readonly status: string;
  subscribe(...channels: string[]): Promise<unknown>;
  unsubscribe(...channels: string[]): Promise<unknown>;
  /** Resolves when every server that has subscriptions answers. */
  ping(): Promise<unknown>;
  disconnect(): void;
  on(event: "message", listener: (channel: string, text: string) => void): unknown;
  on(event: "ready" | "close", listener: () => void): unknown;
  /** These channels have moved to another node of a cluster, and some of their messages may be lost. */
  on(event: "resubscribed", listener: (channels: string[]) => void): unknown;
  off(event: "close", listener: () => void): unknown;
}
