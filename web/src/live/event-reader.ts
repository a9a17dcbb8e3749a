// Reads server-sent events (WHATWG HTML, section 9.2) from text that arrives in pieces.

export interface StreamEvent {
  event: string;
  data: Record<string, unknown>;
}

export class EventReader {
  #text = "";
  /** The id to resume after. */
  lastEventId: string | undefined;
  /** What the server asks to wait before the next connection. */
  retryMs: number | undefined;

  /** Returns the events that are complete now. */
  read(piece: string): StreamEvent[] {
    this.#text += piece;
    // A CR at the end may be half of a CRLF.
    const end = this.#text.endsWith("\r") ? this.#text.length - 1 : this.#text.length;
    const ready = this.#text.slice(0, end).replace(/\r\n?/g, "\n");
    const blocks = ready.split("\n\n");
    this.#text = (blocks.pop() ?? "") + this.#text.slice(end);
    return blocks.flatMap((block) => this.#readBlock(block) ?? []);
  }

  #readBlock(block: string): StreamEvent | undefined {
    let event = "message";
    const data: string[] = [];
    for (const line of block.split("\n")) {
      const [, name = "", value = ""] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
      if (name === "event") event = value;
      if (name === "data") data.push(value);
      if (name === "id" && !value.includes("\0")) this.lastEventId = value;
      if (name === "retry" && /^\d+$/.test(value)) this.retryMs = Number(value);
    }
    return data.length === 0 ? undefined : { event, data: JSON.parse(data.join("\n")) };
  }
}
