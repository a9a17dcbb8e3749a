// A plane without tiles: from places on the earth to pixels, a grid, labels, and a scale bar. North is up.

export interface Spot {
  lat: number;
  lng: number;
}
export interface View {
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

const FONT = "system-ui, sans-serif";

/** Lines as far apart as the scale bar is long. */
export function drawGrid(
  to: CanvasRenderingContext2D,
  view: View,
  width: number,
  height: number,
  color: string,
) {
  to.strokeStyle = color;
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
}

export function drawScale(to: CanvasRenderingContext2D, view: View, height: number, color: string) {
  to.strokeStyle = to.fillStyle = color;
  to.lineWidth = 2;
  const meters = scaleMeters(view.metersPerPixel);
  to.beginPath();
  to.moveTo(12, height - 12);
  to.lineTo(12 + meters / view.metersPerPixel, height - 12);
  to.stroke();
  to.font = `12px ${FONT}`;
  to.fillText(meters >= 1000 ? `${meters / 1000} km` : `${meters} m`, 12, height - 18);
}

/** Beside the mark, on the side that has room. */
export function drawLabel(
  to: CanvasRenderingContext2D,
  text: string,
  [x, y]: [number, number],
  { width, ink, halo, size = 13 }: { width: number; ink: string; halo: string; size?: number },
) {
  to.font = `600 ${size}px ${FONT}`;
  const room = to.measureText(text).width;
  const left = x + 14 + room > width ? x - 14 - room : x + 14;
  to.lineWidth = 4;
  to.strokeStyle = halo;
  to.strokeText(text, left, y + 4);
  to.fillStyle = ink;
  to.fillText(text, left, y + 4);
}

/** Draws at once, when the size changes, and when the theme does. */
export function drawOn(
  element: HTMLCanvasElement,
  draw: (
    to: CanvasRenderingContext2D,
    width: number,
    height: number,
    color: (variable: string) => string,
  ) => void,
): { redraw: () => void; stop: () => void } {
  const redraw = () => {
    const { clientWidth: width, clientHeight: height } = element;
    const ratio = devicePixelRatio || 1;
    const to = element.getContext("2d");
    if (!to || width === 0) return;
    const [pixelsWide, pixelsHigh] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (element.width !== pixelsWide) element.width = pixelsWide;
    if (element.height !== pixelsHigh) element.height = pixelsHigh;
    to.setTransform(ratio, 0, 0, ratio, 0, 0);
    to.clearRect(0, 0, width, height);
    const style = getComputedStyle(element);
    draw(to, width, height, (variable) => style.getPropertyValue(variable));
  };
  // Calls back once for the size that the element has.
  const sizes = new ResizeObserver(redraw);
  sizes.observe(element);
  const theme = matchMedia("(prefers-color-scheme: dark)");
  theme.addEventListener("change", redraw);
  return {
    redraw,
    stop() {
      sizes.disconnect();
      theme.removeEventListener("change", redraw);
    },
  };
}
