// A map without tiles.
import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../ui/language.ts";
import { drawGrid, drawLabel, drawOn, drawScale, type Spot, viewOf } from "./plane.ts";

export interface Place {
  lat: number;
  lng: number;
  kind: "restaurant" | "courier" | "door";
  label: string;
  /** Drawn hollow. */
  isStale?: boolean;
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
    return drawOn(element, (to, width, height, color) => {
      const view = viewOf(places, width, height);
      drawGrid(to, view, width, height, color("--grid"));
      to.strokeStyle = color("--quiet");
      to.lineWidth = 2;
      to.setLineDash([6, 5]);
      to.beginPath();
      for (const spot of route) to.lineTo(...view.toPixel(spot));
      to.stroke();
      to.setLineDash([]);
      const ink = color(isGrey ? "--quiet" : "--ink");
      const labels: [number, number][] = [];
      for (const place of places) {
        const [x, y] = view.toPixel(place);
        to.fillStyle = to.strokeStyle = color(isGrey ? "--quiet" : `--${place.kind}`);
        drawMark(to, place, x, y);
        // Two marks at one place: the later label stands below the other.
        const isTaken = labels.some(([left, top]) => Math.abs(left - x) < 90 && Math.abs(top - y) < 14);
        const at: [number, number] = [x, isTaken ? y + 16 : y];
        labels.push(at);
        drawLabel(to, place.label, at, { width, ink, halo: color("--card") });
      }
      drawScale(to, view, height, color("--quiet"));
    }).stop;
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
