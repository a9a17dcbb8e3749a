/** Aggregation expressions, evaluated by mingo on plain values; its errors are told as a mongod would. */
import { Context, evalExpr } from "mingo/core";
import * as accumulator from "mingo/operators/accumulator";
import * as expression from "mingo/operators/expression";
import { CommandError } from "./errors.ts";

const OPTIONS = {
  context: Context.init({ accumulator, expression }),
  scriptEnabled: false,
  useStrictMode: true,
};

/** `document` and `source` are promoted values. */
export function evaluateExpression(document: unknown, source: unknown): unknown {
  return evalExpr(document as never, source as never, OPTIONS as never);
}

/** The refusal that stands for an error thrown by mingo. */
export function fromMingo(error: Error): CommandError {
  const expressionName = /^accumulator '(\$\w+)' is not registered/.exec(error.message)?.[1];
  if (expressionName) return new CommandError(168, `Unrecognized expression '${expressionName}'`);
  return new CommandError(2, error.message);
}

export function isMingoError(error: unknown): error is Error {
  return error instanceof Error && error.constructor.name === "MingoError";
}
