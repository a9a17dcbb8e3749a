// The couriers of the demo: each rides to the next stop of the trip, reports positions on the way, and hands over with the
// customer's PIN.
import type { Location } from "@food/shared/values/geo";
import { alongTheWay, distanceBetween, type Spot } from "../../day/plane.ts";
import type { Town } from "../seed.ts";
import { plane } from "../town.ts";
import { askForPin } from "./customers.ts";
import { between, type Pace } from "./pace.ts";

type Courier = Town["couriers"][number];

interface Stop {
  action: "pickup" | "drop_off";
  address: { location: Location };
  orderIds: string[];
  deliveryIds: string[];
  ready: boolean;
}
interface Trip {
  tripId: string;
  arrivedAt?: string;
  stops: Stop[];
}

const METERS_PER_MINUTE = { bicycle: 270, cargo_bike: 240, scooter: 420, car: 400 };
/** The platform keeps one report a second. */
const STEP_MS = 1_200;
const IDLE_SECONDS = 60;
const AT_THE_DOOR_SECONDS = 90;
/** For a customer from outside the demo, who alone knows the PIN. */
const WAIT_FOR_PIN_SECONDS = 300;

class Rider {
  private spot: Spot;
  private waitingSince: number | undefined;

  constructor(
    private readonly town: Town,
    private readonly courier: Courier,
    private readonly pace: Pace,
  ) {
    this.spot = courier.spot;
  }

  private post(path: string, body?: object) {
    return this.courier.session.send({
      method: "POST",
      path,
      expected: [404, 409, 422, 429],
      ...(body && { body }),
    });
  }

  private async report(): Promise<void> {
    const body = { location: plane.toLocation(this.spot) };
    await this.courier.session.send({ method: "PUT", path: "/v1/couriers/me/location", body });
  }

  /** One step towards the place. True on arrival. */
  private async ride(to: Spot): Promise<boolean> {
    const meters = (METERS_PER_MINUTE[this.courier.vehicle] * this.pace.speed * STEP_MS) / 60_000;
    const left = distanceBetween(this.spot, to);
    this.spot = left <= meters ? to : alongTheWay(this.spot, to, meters / left);
    await this.report();
    return left <= meters;
  }

  private async atPickup({ tripId, arrivedAt }: Trip, { ready }: Stop): Promise<void> {
    if (!arrivedAt) await this.post(`/v1/trips/${tripId}/arrive`);
    if (ready) await this.post(`/v1/trips/${tripId}/pickup`);
  }

  private async atDoor({ deliveryIds, orderIds }: Stop): Promise<void> {
    const [deliveryId = "", orderId = ""] = [deliveryIds[0], orderIds[0]];
    await this.post(`/v1/deliveries/${deliveryId}/arrive`);
    await this.pace.sleep(between(0.5, 1) * AT_THE_DOOR_SECONDS);
    const path = `/v1/deliveries/${deliveryId}`;
    const delivery = await this.courier.session.send<{ dropoff?: { contact?: { name: string } } }>({
      ...{ method: "GET", path, expected: [404] },
    });
    const contact = delivery.ok ? delivery.body.dropoff?.contact?.name : undefined;
    const pin = await askForPin(this.town, contact, orderId);
    this.waitingSince ??= Date.now();
    const isOver = Date.now() - this.waitingSince > (WAIT_FOR_PIN_SECONDS * 1000) / this.pace.speed;
    if (pin) await this.post(`${path}/deliver`, { pin });
    else if (isOver) await this.post(`${path}/fail`, { reason: "customer_unavailable" });
    else return;
    this.waitingSince = undefined;
  }

  private async work(): Promise<boolean> {
    const trip = await this.courier.session.send<Trip>({
      ...{ method: "GET", path: "/v1/couriers/me/trip", expected: [404] },
    });
    const stop = trip.ok ? trip.body.stops[0] : undefined;
    if (!trip.ok || !stop) return false;
    if (!(await this.ride(plane.toSpot(stop.address.location)))) return true;
    if (stop.action === "pickup") await this.atPickup(trip.body, stop);
    else await this.atDoor(stop);
    return true;
  }

  async live(): Promise<void> {
    const { session } = this.courier;
    await this.report();
    await session.send({ method: "PUT", path: "/v1/couriers/me/availability", body: { available: true } });
    for (;;) {
      const isBusy = await this.work();
      if (!isBusy) await this.report();
      const stepSeconds = (STEP_MS * this.pace.speed) / 1000;
      const seconds = isBusy ? stepSeconds : Math.max(stepSeconds, between(0.5, 1) * IDLE_SECONDS);
      if (!(await this.pace.sleep(seconds))) return;
    }
  }
}

export const liveAsCouriers = async (town: Town, pace: Pace): Promise<void> => {
  await Promise.all(town.couriers.map((courier) => new Rider(town, courier, pace).live()));
};
