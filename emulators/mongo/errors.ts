/** The error codes a mongod answers with, so that a driver behaves as it would in front of the real server. */

const CODE_NAMES = {
  1: "InternalError",
  2: "BadValue",
  9: "FailedToParse",
  14: "TypeMismatch",
  18: "AuthenticationFailed",
  20: "IllegalOperation",
  22: "InvalidBSON",
  26: "NamespaceNotFound",
  27: "IndexNotFound",
  28: "PathNotViable",
  40: "ConflictingUpdateOperators",
  43: "CursorNotFound",
  48: "NamespaceExists",
  52: "DollarPrefixedFieldName",
  53: "InvalidIdField",
  54: "NotSingleValueField",
  56: "EmptyFieldName",
  59: "CommandNotFound",
  66: "ImmutableField",
  67: "CannotCreateIndex",
  72: "InvalidOptions",
  73: "InvalidNamespace",
  85: "IndexOptionsConflict",
  86: "IndexKeySpecsConflict",
  123: "NotAReplicaSet",
  168: "InvalidPipelineOperator",
  171: "CannotIndexParallelArrays",
  197: "InvalidIndexSpecificationOption",
  238: "NotImplemented",
  291: "NoQueryExecutionPlans",
  10334: "BSONObjectTooLarge",
  11000: "DuplicateKey",
  40415: "IDLUnknownField",
} as const;

/** A refusal with the code, and the extra reply fields, that a mongod would give. */
export class CommandError extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
  }

  get reply(): Record<string, unknown> {
    return { ok: 0, errmsg: this.message, code: this.code, codeName: this.codeName, ...this.details };
  }

  get codeName(): string {
    return CODE_NAMES[this.code as keyof typeof CODE_NAMES] ?? `Location${this.code}`;
  }
}

/** What a mongod can do and this emulator cannot: refused, because ignoring it would change a result. */
export function notSupported(what: string): CommandError {
  return new CommandError(238, `the MongoDB emulator does not support ${what}`);
}
