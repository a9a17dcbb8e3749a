// The town on a canvas. It is drawn when the town changes, and not in between.
import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { drawOn, type Spot, viewOf } from "../map/plane.ts";
import { t } from "../ui/language.ts";
import { orderNumber } from "../ui/order-words.ts";
import { drawTown } from "./draw-town.ts";
import { type Corners, cornersOf, type Scene } from "./scene.ts";
import { COURIER_STATES } from "./words.ts";

interface Props {
  scene: Scene;
  summary: string;
  isGrey: boolean;
  /** Orders of the chosen trip. */
  chosen: ReadonlySet<string>;
  onChoose: (orderId: string) => void;
}

interface Hit {
  text: string;
  orderId?: string;
  at: [number, number];
}

const NEAR_PX = 16;

/** What is nearest to the pointer. */
function hitOf(
  { kitchens, couriers, doors }: Scene,
  toPixel: (spot: Spot) => [number, number],
  x: number,
  y: number,
) {
  let best: Hit | undefined;
  let distance = NEAR_PX;
  const look = (spot: Spot, hit: () => Omit<Hit, "at">) => {
    const at = toPixel(spot);
    const away = Math.hypot(at[0] - x, at[1] - y);
    if (away > distance) return;
    distance = away;
    best = { ...hit(), at };
  };
  for (const one of kitchens)
    look(one, () => ({ text: `${one.name}: ${t("{n} in the kitchen", { n: one.queue })}` }));
  for (const one of doors) look(one, () => ({ text: orderNumber(one.orderId), orderId: one.orderId }));
  for (const one of couriers)
    look(one, () => ({
      text: `${one.name}: ${t(COURIER_STATES[one.state])}`,
      ...(one.orderId && { orderId: one.orderId }),
    }));
  return best;
}

export function TownMap(props: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const shown = useRef(props);
  shown.current = props;
  const corners = useRef<Corners>();
  const pointer = useRef<Hit>();
  const drawing = useRef<{ redraw: () => void }>();
  const viewNow = (width: number, height: number) => viewOf(corners.current ?? [], width, height);

  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const on = drawOn(element, (to, width, height, color) => {
      const { scene, isGrey, chosen } = shown.current;
      corners.current = cornersOf(scene, corners.current);
      const hint = pointer.current;
      drawTown(to, scene, {
        ...{ view: viewNow(width, height), width, height, color, isGrey, chosen },
        ...(hint && { hint }),
      });
    });
    drawing.current = on;
    return on.stop;
  }, []);
  useEffect(() => drawing.current?.redraw(), [props.scene, props.isGrey, props.chosen]);

  const point = (event: MouseEvent): Hit | undefined => {
    const { clientWidth, clientHeight } = event.currentTarget as HTMLCanvasElement;
    const { toPixel } = viewNow(clientWidth, clientHeight);
    return hitOf(shown.current.scene, toPixel, event.offsetX, event.offsetY);
  };
  const hover = (hit: Hit | undefined) => {
    if (hit?.text === pointer.current?.text) return;
    pointer.current = hit;
    drawing.current?.redraw();
  };
  return html`<canvas
    ref=${canvas} role="img" aria-label=${props.summary}
    onMouseMove=${(event: MouseEvent) => hover(point(event))}
    onMouseLeave=${() => hover(undefined)}
    onClick=${(event: MouseEvent) => {
      const hit = point(event);
      if (hit?.orderId) props.onChoose(hit.orderId);
    }}
  ></canvas>`;
}
