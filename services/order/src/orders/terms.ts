export interface Terms {
  acceptWithinMs: number;
  assignWithinMs: number;
  pickupWithinMs: number;
  courierMetersPerMinute: number;
  /** How many orders may be open at once. */
  openPerCustomer: number;
  openPerAddress: number;
}
