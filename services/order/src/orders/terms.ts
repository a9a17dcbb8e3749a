export interface Terms {
  acceptWithinMs: number;
  assignWithinMs: number;
  pickupWithinMs: number;
  courierMetersPerMinute: number;
}
