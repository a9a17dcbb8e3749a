// Which errors of the driver say that MongoDB failed, is overloaded or cannot be reached, so that the caller may try again.
// All others are about the command, and so our own fault. They are known by name: the driver does not export each class.

/** Errors of the driver itself. */
const AWAY_NAME =
  /^(Mongo)?(ServerSelection|ServerClosed|Network|TopologyClosed|ClientClosed|WaitQueueTimeout|PoolClear|PoolClosed|NotConnected|StalePrimary|ExpiredSession|OperationTimeout|Decompression|UnexpectedServerResponse|WriteConcern)/;

/** Labels of the server's errors, and of the driver's.
 * https://github.com/mongodb/specifications/tree/master/source */
const AWAY_LABELS = new Set([
  ...["RetryableWriteError", "TransientTransactionError", "RetryableError", "SystemOverloadedError"],
  "HandshakeError",
]);

/** The server's codes by name (src/mongo/base/error_codes.yml in mongodb/mongo). */
export const AWAY_CODES = {
  // A member that stops or is no longer the primary, or that reaches no other.
  HostUnreachable: 6,
  HostNotFound: 7,
  NetworkTimeout: 89,
  ShutdownInProgress: 91,
  FailedToSatisfyReadPreference: 133,
  ReadConcernMajorityNotAvailableYet: 134,
  PrimarySteppedDown: 189,
  SocketException: 9_001,
  NotWritablePrimary: 10_107,
  InterruptedAtShutdown: 11_600,
  InterruptedDueToReplStateChange: 11_602,
  NotPrimaryNoSecondaryOk: 13_435,
  NotPrimaryOrSecondary: 13_436,
  // Written, and not by a majority.
  WriteConcernTimeout: 64,
  UnsatisfiableWriteConcern: 100,
  // Out of time or of resources.
  LockTimeout: 24,
  MaxTimeMSExpired: 50,
  NetworkInterfaceExceededTimeLimit: 202,
  ExceededTimeLimit: 262,
  TooManyFilesOpen: 264,
  TemporarilyUnavailable: 365,
  ResourceExhausted: 402,
  PooledConnectionAcquisitionExceededTimeLimit: 407,
  AdmissionQueueOverflow: 433,
  RateLimitExceeded: 449,
  OutOfDiskSpace: 14_031,
  // Ended by an operator, by another write, or by a shard or an index that moved.
  CursorNotFound: 43,
  WriteConflict: 112,
  StaleEpoch: 150,
  QueryPlanKilled: 175,
  CursorKilled: 237,
  StaleDbVersion: 249,
  InterruptedDueToStorageChange: 355,
  UserWritesBlocked: 371,
  Interrupted: 11_601,
  StaleConfig: 13_388,
  // The account is refused: it or the password has changed.
  AuthenticationFailed: 18,
  ReauthenticationRequired: 391,
} as const;
const CODES = new Set<number>(Object.values(AWAY_CODES));

interface DriverError extends Error {
  code?: unknown;
  errorLabels?: unknown;
  /** Of a bulk write that got no answer: the error that a single write would have had. */
  errorResponse?: unknown;
}

export function isMongoAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { name, code, errorLabels, errorResponse }: DriverError = error;
  if (AWAY_NAME.test(name)) return true;
  if (!name.startsWith("Mongo")) return false;
  if (CODES.has(Number(code))) return true;
  if (Array.isArray(errorLabels) && errorLabels.some((label) => AWAY_LABELS.has(label))) return true;
  return isMongoAway(errorResponse);
}
