// The demo town: the geography of Regensburg with invented restaurants and people. The same at every start.
import { planeAround, type Spot } from "../day/plane.ts";
import type { Account } from "../replay/session.ts";
import type { Kind } from "./menus.ts";

export const plane = planeAround({ lat: 49.0175, lng: 12.0974 });

/** For all accounts of the town. Never used outside a demo. */
export const DEMO_PASSWORD = "dinner for the whole town";

export interface Inhabitant {
  account: Account;
  name: string;
  phone: string;
  line1: string;
  spot: Spot;
}
export interface DemoRestaurant extends Inhabitant {
  kind: Kind;
  /** Added to each price of the menu. */
  surchargeCents: number;
}
export interface DemoCourier extends Inhabitant {
  vehicle: "bicycle" | "scooter" | "car" | "cargo_bike";
}

const KITCHENS: [Kind, ...string[]][] = [
  ["pizza", "Forno Danubio", "Pizzeria Alba", "Piazza Nord", "Trattoria Lumino"],
  ["sushi", "Umi Kai", "Hoshi Sushi", "Kumo"],
  ["thai", "Baan Mali", "Lotusgarten", "Chang Noi"],
  ["indian", "Tandoor am Tor", "Masala Hof", "Jaipur Kitchen"],
  ["burger", "Patty & Co.", "Grillwerk", "Burgerei Sieben", "Smoke Yard"],
  ["turkish", "Anadolu Ocak", "Spieß & Salat", "Köz Haus"],
  ["bavarian", "Zum Kupferkessel", "Lindenwirt", "Brezenstube"],
  ["plants", "Grünzeug", "Blatt & Bohne", "Sprosse"],
  ["mexican", "Casa Maíz", "El Comal"],
  ["sweet", "Süße Ecke", "Gelato Nove"],
];
const STREETS =
  "Goliathstraße,Wahlenstraße,Am Römling,Spiegelgasse,Gesandtenstraße,Rote-Hahnen-Gasse,Obermünsterstraße,Weiße-Hahnen-Gasse,Keplerstraße,Brückstraße,Wollwirkergasse,Kalmünzergasse".split(
    ",",
  );
const COURIERS = "Ana,Ben,Chidi,Dora,Emil,Fatma,Goran,Hana,Ivo,Jule,Kofi,Lena,Mirko,Nour,Olga,Paul".split(
  ",",
);
const CUSTOMERS =
  "Ada Kern,Bruno Sailer,Clara Wirth,David Obermaier,Elif Yıldız,Franz Huber,Greta Lang,Henri Roth,Ines Pohl,Jakob Thoma,Karla Fuchs,Levi Stern,Mona Bauer,Nils Graf,Oskar Winter,Paula Zink,Ruth Engel,Samir Haddad,Tilda Beck,Vera Moos,Aron Lutz,Britta Noll,Cem Aydın,Dunja Horvat,Erik Sommer,Frieda Jahn,Gabor Szabo,Hedi Vogl,Ilja Petrow,Jutta Ried,Kilian Falk,Leyla Demir,Max Brandl,Nina Kraus,Olaf Timm,Pia Stadler,Quirin Maier,Rosa Conti,Sven Albers,Thea Linde".split(
    ",",
  );
const VEHICLES = ["bicycle", "scooter", "cargo_bike", "car"] as const;

const TOWN_METERS = 1_900;
/** Fills a circle evenly: no two places at one point, denser nowhere. */
const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));
function spotOf(index: number, count: number, turn: number): Spot {
  const radius = TOWN_METERS * Math.sqrt((index + 0.5) / count);
  const angle = index * GOLDEN_ANGLE + turn;
  return { x: Math.round(radius * Math.cos(angle)), y: Math.round(radius * Math.sin(angle)) };
}

const two = (index: number) => String(index + 1).padStart(2, "0");

function inhabitant(
  service: Account["service"],
  kind: string,
  name: string,
  [index, count, turn]: [number, number, number],
): Inhabitant {
  return {
    account: { service, email: `${kind}-${two(index)}@demo.example`, password: DEMO_PASSWORD },
    name,
    phone: `+49 941 555${two(index)}${count}`,
    line1: `${STREETS[index % STREETS.length]} ${3 + ((index * 7) % 40)}`,
    spot: spotOf(index, count, turn),
  };
}

const named = KITCHENS.flatMap(([kind, ...names]) => names.map((name) => ({ kind, name })));

export const restaurants: DemoRestaurant[] = named.map(({ kind, name }, index) => ({
  ...inhabitant("restaurant", "kitchen", name, [index, named.length, 0]),
  kind,
  surchargeCents: (index % 3) * 40,
}));
export const couriers: DemoCourier[] = COURIERS.map((name, index) => ({
  ...inhabitant("delivery", "courier", name, [index, COURIERS.length, 1]),
  vehicle: VEHICLES[index % VEHICLES.length] ?? "bicycle",
}));
export const customers: Inhabitant[] = CUSTOMERS.map((name, index) =>
  inhabitant("customer", "customer", name, [index, CUSTOMERS.length, 2]),
);

export const addressOf = ({ line1, spot }: Inhabitant) => ({
  line1,
  city: "Regensburg",
  postalCode: "93047",
  country: "DE",
  location: plane.toLocation(spot),
});
