export interface Terms {
  acceptWithinMs: number;
  assignWithinMs: number;
  pickupWithinMs: number;
  courierMetersPerMinute: number;
  /** Maximum number of open orders. */
  openPerCustomer: number;
  openPerAddress: number;
}
