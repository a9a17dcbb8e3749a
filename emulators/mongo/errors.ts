/** The error codes a mongod answers with, so that a driver behaves as it would in front of the real server. */

const CODE_NAMES: Record<number, string> = {
  ...{ 1: "InternalError", 2: "BadValue", 9: "FailedToParse", 14: "TypeMismatch", 16: "InvalidLength" },
  ...{ 13: "Unauthorized", 17: "ProtocolError", 31: "RoleNotFound", 334: "MechanismUnavailable" },
  ...{ 18: "AuthenticationFailed", 20: "IllegalOperation", 26: "NamespaceNotFound", 27: "IndexNotFound" },
  ...{
    28: "PathNotViable",
    40: "ConflictingUpdateOperators",
    43: "CursorNotFound",
    52: "DollarPrefixedFieldName",
  },
  ...{ 53: "InvalidIdField", 54: "NotSingleValueField", 56: "EmptyFieldName", 59: "CommandNotFound" },
  ...{ 66: "ImmutableField", 67: "CannotCreateIndex", 72: "InvalidOptions", 73: "InvalidNamespace" },
  ...{ 85: "IndexOptionsConflict", 86: "IndexKeySpecsConflict", 123: "NotAReplicaSet" },
  ...{
    168: "InvalidPipelineOperator",
    171: "CannotIndexParallelArrays",
    197: "InvalidIndexSpecificationOption",
  },
  ...{ 10334: "BSONObjectTooLarge", 11000: "DuplicateKey", 40415: "IDLUnknownField" },
};

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
    const codeName = CODE_NAMES[this.code] ?? `Location${this.code}`;
    return { ok: 0, errmsg: this.message, code: this.code, codeName, ...this.details };
  }
}

/** Throws a CommandError. */
export function refuse(code: number, message: string, details?: Record<string, unknown>): never {
  throw new CommandError(code, message, details);
}

/** Throws a CommandError unless the condition holds. */
export function check(condition: unknown, code: number, message: string): asserts condition {
  if (!condition) refuse(code, message);
}

export function asCommandError(error: unknown): CommandError {
  if (error instanceof CommandError) return error;
  return new CommandError(1, error instanceof Error ? `${error.name}: ${error.message}` : String(error));
}
