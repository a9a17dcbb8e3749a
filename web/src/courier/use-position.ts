// The courier's position: from the device, or pointed at by hand. Sent again before the services count it as old.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Api } from "../api/api.ts";
import type { Spot } from "../map/plane.ts";

export type Source = "device" | "hand";
const SEND_EVERY_MS = 5_000;
/** A position by hand does not move by itself. */
const REPEAT_MS = 25_000;

export interface Position {
  spot: Spot | undefined;
  source: Source;
  /** Why the device gives none. */
  refusal: string | undefined;
  sentAtMs: number | undefined;
  setByHand: (spot: Spot) => void;
  useDevice: () => void;
}

export function usePosition(api: Api, isOnDuty: boolean, known: Spot | undefined): Position {
  const [spot, setSpot] = useState<Spot>();
  const [source, setSource] = useState<Source>("device");
  const [refusal, setRefusal] = useState<string>();
  const [sentAtMs, setSentAt] = useState<number>();
  const last = useRef(0);
  const current = spot ?? known;

  async function send(next: Spot, isDue: boolean) {
    if (!isDue && Date.now() - last.current < SEND_EVERY_MS) return;
    last.current = Date.now();
    const location = { lat: Number(next.lat.toFixed(6)), lng: Number(next.lng.toFixed(6)) };
    await api.call("delivery", "PUT /v1/couriers/me/location", { body: { location } }).then(
      () => setSentAt(Date.now()),
      () => undefined,
    );
  }

  useEffect(() => {
    if (source !== "device" || !isOnDuty) return;
    if (!navigator.geolocation) return setRefusal("This device has no position");
    const watch = navigator.geolocation.watchPosition(
      ({ coords }) => {
        setRefusal(undefined);
        const next = { lat: coords.latitude, lng: coords.longitude };
        setSpot(next);
        void send(next, false);
      },
      () => setRefusal("The device gives no position"),
      { enableHighAccuracy: true, maximumAge: 5_000 },
    );
    return () => navigator.geolocation.clearWatch(watch);
  }, [source, isOnDuty]);

  useEffect(() => {
    if (!isOnDuty || !spot) return;
    const timer = setInterval(() => void send(spot, true), REPEAT_MS);
    return () => clearInterval(timer);
  }, [isOnDuty, spot?.lat, spot?.lng]);

  return {
    spot: current,
    source,
    refusal,
    sentAtMs,
    setByHand(next) {
      setSource("hand");
      setSpot(next);
      void send(next, true);
    },
    useDevice: () => setSource("device"),
  };
}
