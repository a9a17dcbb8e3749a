const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** The method, or `other` in place of one that a client has made up: names of metrics and spans are bounded. */
export const knownMethod = (method: string, other: string): string => (METHODS.has(method) ? method : other);
