export interface Terms {
  acceptWithinMs: number;
  assignWithinMs: number;
  pickupWithinMs: number;
  courierMetersPerMinute: number;
  /** How many minutes of a kitchen's promise pass in a real one. */
  daySpeed: number;
  /** Maximum number of open orders. */
  openPerCustomer: number;
  openPerAddress: number;
}
