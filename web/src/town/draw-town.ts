// Draws the scene of the town. Each state has a form of its own besides its color.
import { drawGrid, drawLabel, drawScale, type View } from "../map/plane.ts";
import type { CourierMark, DoorMark, KitchenMark, Scene } from "./scene.ts";

export interface Look {
  view: View;
  width: number;
  height: number;
  color: (variable: string) => string;
  isGrey: boolean;
  /** The orders to show among all others. */
  chosen: ReadonlySet<string>;
  /** What the pointer is at. */
  hint?: { text: string; at: [number, number] };
}

type Context = CanvasRenderingContext2D;

const COURIER_COLORS = {
  idle: "--quiet",
  to_restaurant: "--restaurant",
  to_door: "--courier",
  stale: "--quiet",
} as const;
const DOOR_COLORS = { waiting: "--accent", late: "--bad", cooking: "--door", out: "--door" } as const;
const QUEUE_SIZE_MAX = 6;
const LABELS_MAX = 60;
/** More lines than this are drawn thinly. */
const LEGS_MANY = 80;

function triangle(to: Context, x: number, y: number, size: number) {
  to.beginPath();
  to.moveTo(x, y - size);
  to.lineTo(x + size * 0.9, y + size * 0.7);
  to.lineTo(x - size * 0.9, y + size * 0.7);
  to.closePath();
}
function diamond(to: Context, x: number, y: number, size: number) {
  to.beginPath();
  to.moveTo(x, y - size);
  to.lineTo(x + size * 0.8, y);
  to.lineTo(x, y + size);
  to.lineTo(x - size * 0.8, y);
  to.closePath();
}

function drawKitchen(to: Context, { queue }: KitchenMark, [x, y]: [number, number], color: Look["color"]) {
  to.fillStyle = to.strokeStyle = color("--restaurant");
  to.lineWidth = 1.5;
  triangle(to, x, y, 5 + Math.min(queue, QUEUE_SIZE_MAX));
  if (queue > 0) to.fill();
  to.stroke();
}

function drawDoor(to: Context, { state }: DoorMark, [x, y]: [number, number]) {
  const isUrgent = state === "waiting" || state === "late";
  to.lineWidth = isUrgent ? 2.5 : 1.5;
  diamond(to, x, y, isUrgent ? 8 : 6);
  if (state === "out" || state === "late") to.fill();
  to.stroke();
  if (state !== "waiting") return;
  to.beginPath();
  to.arc(x, y, 1.5, 0, 2 * Math.PI);
  to.fill();
}

function drawCourier(to: Context, { state }: CourierMark, [x, y]: [number, number], color: Look["color"]) {
  to.lineWidth = 2;
  to.setLineDash(state === "stale" ? [3, 2.5] : []);
  to.beginPath();
  to.arc(x, y, state === "idle" ? 4.5 : 6.5, 0, 2 * Math.PI);
  if (state !== "stale") to.fill();
  to.stroke();
  to.setLineDash([]);
  if (state !== "to_restaurant" && state !== "to_door") return;
  to.fillStyle = color("--card");
  if (state === "to_restaurant") triangle(to, x, y + 0.5, 3.5);
  else diamond(to, x, y, 3.8);
  to.fill();
}

/** Names of restaurants, where no other name is. */
function drawNames(to: Context, kitchens: readonly KitchenMark[], look: Look, ink: string) {
  const taken: [number, number, number][] = [];
  const label = { width: look.width, ink, halo: look.color("--card"), size: 11 };
  for (const { name, ...spot } of kitchens.toSorted((one, other) => other.queue - one.queue)) {
    if (taken.length >= LABELS_MAX) return;
    const at = look.view.toPixel(spot);
    const right = at[0] + 18 + name.length * 6.5;
    const isTaken = taken.some(
      ([left, end, y]) => Math.abs(y - at[1]) < 14 && left < right && end > at[0] - 8,
    );
    if (isTaken) continue;
    taken.push([at[0] - 8, right, at[1]]);
    drawLabel(to, name, at, label);
  }
}

export function drawTown(to: Context, scene: Scene, look: Look) {
  const { view, width, height, isGrey, chosen, hint } = look;
  const color = (variable: string) => look.color(isGrey ? "--quiet" : variable);
  const isFaint = (ids: readonly string[]) => chosen.size > 0 && !ids.some((id) => chosen.has(id));
  drawGrid(to, view, width, height, look.color("--grid"));
  for (const { kind, spots, orderIds } of scene.legs) {
    to.globalAlpha = isFaint(orderIds) ? 0.15 : scene.legs.length > LEGS_MANY ? 0.35 : 0.75;
    to.lineWidth = chosen.size > 0 && !isFaint(orderIds) ? 3 : 1.5;
    to.strokeStyle = color(kind === "to_door" ? "--courier" : "--restaurant");
    to.setLineDash(kind === "to_restaurant" ? [5, 4] : []);
    to.beginPath();
    for (const spot of spots) to.lineTo(...view.toPixel(spot));
    to.stroke();
  }
  to.setLineDash([]);
  to.globalAlpha = 1;
  for (const kitchen of scene.kitchens) drawKitchen(to, kitchen, view.toPixel(kitchen), color);
  drawNames(to, scene.kitchens, look, color("--quiet"));
  for (const door of scene.doors) {
    to.globalAlpha = isFaint([door.orderId]) ? 0.3 : 1;
    to.fillStyle = to.strokeStyle = color(DOOR_COLORS[door.state]);
    drawDoor(to, door, view.toPixel(door));
  }
  for (const courier of scene.couriers) {
    to.globalAlpha = courier.orderId && isFaint([courier.orderId]) ? 0.4 : 1;
    to.fillStyle = to.strokeStyle = color(COURIER_COLORS[courier.state]);
    drawCourier(to, courier, view.toPixel(courier), look.color);
  }
  to.globalAlpha = 1;
  drawScale(to, view, height, look.color("--quiet"));
  if (hint)
    drawLabel(to, hint.text, hint.at, { width, ink: look.color("--ink"), halo: look.color("--card") });
}
