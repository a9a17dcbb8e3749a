import { join } from "node:path";

export type ServiceName = "customer" | "restaurant" | "order" | "delivery";

export type Service = {
  name: ServiceName;
  /** The file that bun runs. */
  entry: string;
  /** The variable of the launcher that changes the port. */
  portVariable: string;
  port: number;
  /** The variable of the launcher that opens Bun's debugger on a port. */
  inspectVariable: string;
  /** Its downstream services. */
  calls: ServiceName[];
};

const listed: Omit<Service, "entry" | "inspectVariable">[] = [
  { name: "customer", portVariable: "CUSTOMER_PORT", port: 3001, calls: ["restaurant", "order"] },
  { name: "restaurant", portVariable: "RESTAURANT_PORT", port: 3002, calls: ["customer", "order"] },
  { name: "order", portVariable: "ORDER_PORT", port: 3003, calls: ["customer", "restaurant", "delivery"] },
  { name: "delivery", portVariable: "DELIVERY_PORT", port: 3004, calls: ["order"] },
];

export const services: Service[] = listed.map((service) => ({
  ...service,
  inspectVariable: `${service.name.toUpperCase()}_INSPECT`,
  entry: join(import.meta.dir, `../services/${service.name}/src/main.ts`),
}));

/** Of a running platform: `CUSTOMER_URL` and its like, or the usual ports. */
export const serviceUrls = (env: Record<string, string | undefined>) =>
  Object.fromEntries(
    services.map(({ name, port }) => [name, env[`${name.toUpperCase()}_URL`] || `http://localhost:${port}`]),
  ) as Record<ServiceName, string>;

export const serviceNames: string[] = services.map(({ name }) => name);
