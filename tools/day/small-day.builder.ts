// A day with three orders, small enough to check by hand.
import type { FileName } from "./instance.ts";

export const smallDay = (): Record<FileName, string> => ({
  "restaurants.txt": "restaurant\tx\ty\nr1\t0\t0\nr2\t1000\t1000\n",
  "orders.txt":
    "order\tx\ty\tplacement_time\trestaurant\tready_time\n" +
    "o1\t1500\t0\t10\tr1\t25\no2\t0\t1500\t20\tr2\t30\no3\t300\t400\t30\tr1\t45\n",
  "couriers.txt": "courier\tx\ty\ton_time\toff_time\nc1\t100\t0\t0\t300\nc2\t900\t900\t5\t300\n",
  "instance_parameters.txt":
    "meters_per_minute\tpickup service minutes\tdropoff service minutes\ttarget click-to-door\n300\t4\t4\t40\n",
});
