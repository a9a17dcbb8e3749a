// What the OpenAPI document says of an operation.

export interface Detail {
  tags: string[];
  summary: string;
  description?: string;
}

/** Of operations with this tag. The description has the rules: when it is possible, what it does besides, what ends. */
export const detailOf =
  (tag: string) =>
  (summary: string, description: string): Detail => ({ tags: [tag], summary, description });

/** Of operations that only other services and operators reach. */
export const privateDetailOf =
  (tag: string) =>
  (summary: string, description?: string): Detail => ({
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
  });
