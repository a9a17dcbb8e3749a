import { type AccessTable, ANYONE } from "../auth/access.ts";

/** The rows of the routes that every service has. `/health` and `/metrics` are hidden from requests through a proxy. */
export const OPERATIONS: AccessTable = {
  "GET /health/live": ANYONE,
  "GET /health/ready": ANYONE,
  "GET /metrics": ANYONE,
  "GET /.well-known/jwks.json": ANYONE,
  "GET /": ANYONE,
  "GET /swagger": ANYONE,
  "GET /swagger/json": ANYONE,
  "GET /swagger/yaml": ANYONE,
  "GET /swagger/errors": ANYONE,
  "GET /swagger/start.js": ANYONE,
  "GET /swagger/swagger-ui.css": ANYONE,
  "GET /swagger/swagger-ui-bundle.js": ANYONE,
};
