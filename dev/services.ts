export type ServiceName = "customer" | "restaurant" | "order" | "delivery";

export type Service = {
  name: ServiceName;
  /** The variable of the launcher that changes the port. */
  portVariable: string;
  port: number;
  /** The services whose URLs it is told. */
  calls: ServiceName[];
};

export const services: Service[] = [
  { name: "customer", portVariable: "CUSTOMER_PORT", port: 3001, calls: ["restaurant", "order"] },
  { name: "restaurant", portVariable: "RESTAURANT_PORT", port: 3002, calls: ["order"] },
  { name: "order", portVariable: "ORDER_PORT", port: 3003, calls: ["customer", "restaurant", "delivery"] },
  { name: "delivery", portVariable: "DELIVERY_PORT", port: 3004, calls: ["order"] },
];

export const serviceNames: string[] = services.map(({ name }) => name);
