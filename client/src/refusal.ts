// Refusals as errors.
import type { components } from "./api/customer.ts";

export type Problem = components["schemas"]["Problem"];

/** A service has refused a request. docs/errors.md explains each `code`. */
export class Refused extends Error {
  readonly code: string;
  constructor(
    readonly status: number,
    readonly problem: Partial<Problem>,
  ) {
    super(problem.detail ?? `The service answered ${status}`);
    this.name = "Refused";
    this.code = problem.code ?? "";
  }
}

export async function refusalOf(response: Response): Promise<Refused> {
  const problem = (await response.json().catch(() => ({}))) as Partial<Problem>;
  return new Refused(response.status, problem);
}

/** What the calls of `connect` return. */
interface Result<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of a success. Throws `Refused` otherwise. */
export function required<T>({ data, error, response }: Result<T>): T {
  if (response.ok) return data as T;
  throw new Refused(response.status, (error || {}) as Partial<Problem>);
}
