// A map without tiles: places on a plane, with a scale bar. North is up.
import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "./language.ts";

export interface Place {
  lat: number;
  lng: number;
  kind: "restaurant" | "courier" | "door";
  label: string;
  /** Drawn hollow. */
  isStale?: boolean;
}
export interface Spot {
  lat: number;
  lng: number;
}
interface View {
  toPixel: (spot: Spot) => [number, number];
  toSpot: (x: number, y: number) => Spot;
  metersPerPixel: number;
}

const METERS_PER_DEGREE = 111_320;
const MARGIN_PX = 44;
const SPAN_MIN_METERS = 400;

/** Shows all places, as near as possible, and not nearer than 400 m. */
export function viewOf(places: readonly Spot[], width: number, height: number): View {
  const lats = places.map(({ lat }) => lat);
  const lngs = places.map(({ lng }) => lng);
  const middle = (values: number[]) => (Math.min(...values) + Math.max(...values)) / 2;
  const centre = places.length > 0 ? { lat: middle(lats), lng: middle(lngs) } : { lat: 0, lng: 0 };
  const perLng = METERS_PER_DEGREE * Math.cos((centre.lat * Math.PI) / 180);
  const span = (values: number[], scale: number) =>
    values.length > 0 ? (Math.max(...values) - Math.min(...values)) * scale : 0;
  const metersPerPixel = Math.max(
    Math.max(span(lngs, perLng), SPAN_MIN_METERS) / Math.max(1, width - 2 * MARGIN_PX),
    Math.max(span(lats, METERS_PER_DEGREE), SPAN_MIN_METERS) / Math.max(1, height - 2 * MARGIN_PX),
  );
  return {
    metersPerPixel,
    toPixel: ({ lat, lng }) => [
      width / 2 + ((lng - centre.lng) * perLng) / metersPerPixel,
      height / 2 - ((lat - centre.lat) * METERS_PER_DEGREE) / metersPerPixel,
    ],
    toSpot: (x, y) => ({
      lat: centre.lat - ((y - height / 2) * metersPerPixel) / METERS_PER_DEGREE,
      lng: centre.lng + ((x - width / 2) * metersPerPixel) / perLng,
    }),
  };
}

/** A round length for the scale bar. */
export function scaleMeters(metersPerPixel: number, pixelsMax = 110): number {
  const most = metersPerPixel * pixelsMax;
  const power = 10 ** Math.floor(Math.log10(most));
  return [5, 2, 1].map((step) => step * power).find((length) => length <= most) ?? power;
}

function drawMark(to: CanvasRenderingContext2D, { kind, isStale }: Place, x: number, y: number) {
  to.beginPath();
  if (kind === "courier") to.arc(x, y, 8, 0, 2 * Math.PI);
  else if (kind === "restaurant") {
    to.moveTo(x, y - 10);
    to.lineTo(x + 9, y + 7);
    to.lineTo(x - 9, y + 7);
  } else {
    to.moveTo(x, y - 10);
    to.lineTo(x + 9, y);
    to.lineTo(x, y + 10);
    to.lineTo(x - 9, y);
  }
  to.closePath();
  to.lineWidth = 2.5;
  if (!isStale) to.fill();
  to.stroke();
}

interface SchematicProps {
  places: Place[];
  /** In words, for who does not see it. */
  summary: string;
  /** Drawn as a line in this order. */
  route?: Spot[];
  isGrey?: boolean;
  /** Makes the map a place to point at. */
  onPick?: (spot: Spot) => void;
}

export function Schematic({ places, summary, route = [], isGrey, onPick }: SchematicProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const draw = () => {
      const { clientWidth: width, clientHeight: height } = element;
      const ratio = devicePixelRatio || 1;
      element.width = width * ratio;
      element.height = height * ratio;
      const to = element.getContext("2d");
      if (!to || width === 0) return;
      const color = (name: string) => getComputedStyle(element).getPropertyValue(name);
      to.scale(ratio, ratio);
      const view = viewOf(places, width, height);
      to.strokeStyle = color("--grid");
      to.lineWidth = 1;
      const cell = scaleMeters(view.metersPerPixel) / view.metersPerPixel;
      to.beginPath();
      for (let x = (width / 2) % cell; x < width; x += cell) {
        to.moveTo(x, 0);
        to.lineTo(x, height);
      }
      for (let y = (height / 2) % cell; y < height; y += cell) {
        to.moveTo(0, y);
        to.lineTo(width, y);
      }
      to.stroke();
      to.strokeStyle = color("--quiet");
      to.lineWidth = 2;
      to.setLineDash([6, 5]);
      to.beginPath();
      for (const spot of route) to.lineTo(...view.toPixel(spot));
      to.stroke();
      to.setLineDash([]);
      to.font = "600 13px system-ui, sans-serif";
      for (const place of places) {
        const [x, y] = view.toPixel(place);
        to.fillStyle = to.strokeStyle = color(isGrey ? "--quiet" : `--${place.kind}`);
        drawMark(to, place, x, y);
        const room = to.measureText(place.label).width;
        const left = x + 14 + room > width ? x - 14 - room : x + 14;
        to.lineWidth = 4;
        to.strokeStyle = color("--card");
        to.strokeText(place.label, left, y + 4);
        to.fillStyle = color(isGrey ? "--quiet" : "--ink");
        to.fillText(place.label, left, y + 4);
      }
      to.strokeStyle = to.fillStyle = color("--quiet");
      to.lineWidth = 2;
      const meters = scaleMeters(view.metersPerPixel);
      const bar = meters / view.metersPerPixel;
      to.beginPath();
      to.moveTo(12, height - 12);
      to.lineTo(12 + bar, height - 12);
      to.stroke();
      to.font = "12px system-ui, sans-serif";
      to.fillText(meters >= 1000 ? `${meters / 1000} km` : `${meters} m`, 12, height - 18);
    };
    draw();
    const sizes = new ResizeObserver(draw);
    sizes.observe(element);
    const theme = matchMedia("(prefers-color-scheme: dark)");
    theme.addEventListener("change", draw);
    return () => {
      sizes.disconnect();
      theme.removeEventListener("change", draw);
    };
  });
  const pick = (event: MouseEvent) => {
    const element = canvas.current;
    if (element && onPick)
      onPick(viewOf(places, element.clientWidth, element.clientHeight).toSpot(event.offsetX, event.offsetY));
  };
  return html`<figure class=${isGrey ? "map grey" : "map"}>
    <canvas ref=${canvas} role="img" aria-label=${summary} onClick=${pick} class=${onPick ? "pickable" : ""}></canvas>
    <figcaption>${summary} <span class="quiet">${t("Schematic: no map data.")}</span></figcaption>
  </figure>`;
}
