// What the kitchens of the demo town cook. Every kitchen of a kind has the same menu at slightly different prices.
import type { Allergen, Diet } from "@food/shared/contracts/dish-facts";

export interface DemoDish {
  name: string;
  category: string;
  description: string;
  priceCents: number;
  diets?: Diet[];
  allergens?: Allergen[];
  /** Names of option groups of the menu. */
  groups?: string[];
}

export interface DemoGroup {
  name: string;
  minSelections: number;
  maxSelections: number;
  options: { name: string; priceCents: number }[];
}

export interface DemoMenu {
  cuisines: string[];
  groups: DemoGroup[];
  dishes: DemoDish[];
}

const one = (name: string, ...options: [name: string, priceCents: number][]): DemoGroup => ({
  ...{ name, minSelections: 1, maxSelections: 1 },
  options: options.map(([option, priceCents]) => ({ name: option, priceCents })),
});
const some = (name: string, max: number, ...options: [name: string, priceCents: number][]): DemoGroup => ({
  ...one(name, ...options),
  ...{ minSelections: 0, maxSelections: max },
});
const dish = (
  category: string,
  name: string,
  priceCents: number,
  description: string,
  more: Pick<DemoDish, "diets" | "allergens" | "groups"> = {},
): DemoDish => ({ category, name, priceCents, description, ...more });

const vegan = { diets: ["vegan", "vegetarian"] } satisfies Pick<DemoDish, "diets">;
const vegetarian = { diets: ["vegetarian"] } satisfies Pick<DemoDish, "diets">;
const water = dish("Drinks", "Still water", 280, "0.5 l", vegan);
const lemonade = dish("Drinks", "Lemonade", 390, "Pressed this morning", vegan);

const PIZZA_GROUPS = ["Size", "On top"];

export const MENUS = {
  pizza: {
    cuisines: ["italian", "pizza"],
    groups: [
      one("Size", ["26 cm", 0], ["32 cm", 300]),
      some("On top", 4, ["Olives", 120], ["Rocket", 150], ["Ham", 200], ["Gorgonzola", 180]),
    ],
    dishes: [
      dish("Pizza", "Margherita", 890, "Tomato, mozzarella, basil", {
        ...vegetarian,
        ...{ allergens: ["gluten", "milk"], groups: PIZZA_GROUPS },
      }),
      dish("Pizza", "Marinara", 790, "Tomato, garlic, oregano", {
        ...vegan,
        ...{ allergens: ["gluten"], groups: PIZZA_GROUPS },
      }),
      dish("Pizza", "Diavola", 1090, "Spicy salami, chilli", {
        ...{ allergens: ["gluten", "milk"], groups: PIZZA_GROUPS },
      }),
      dish("Pasta", "Orecchiette with broccoli", 1150, "Garlic, lemon, breadcrumbs", vegan),
      dish("Dolci", "Tiramisù", 590, "Made the day before, as it should be", { allergens: ["eggs", "milk"] }),
      water,
    ],
  },
  sushi: {
    cuisines: ["japanese", "sushi"],
    groups: [
      one("Soy sauce", ["Regular", 0], ["Without gluten", 30]),
      some("With it", 2, ["Wasabi", 0], ["Ginger", 0]),
    ],
    dishes: [
      dish("Rolls", "Salmon avocado", 890, "Eight pieces", {
        allergens: ["fish", "sesame"],
        groups: ["Soy sauce", "With it"],
      }),
      dish("Rolls", "Cucumber", 490, "Six small ones", { ...vegan, groups: ["Soy sauce", "With it"] }),
      dish("Bowls", "Chirashi", 1690, "What the market had, on rice", {
        allergens: ["fish"],
        groups: ["Soy sauce"],
      }),
      dish("Warm", "Miso soup", 390, "Tofu, wakame", { ...vegan, allergens: ["soybeans"] }),
      water,
    ],
  },
  thai: {
    cuisines: ["thai", "asian"],
    groups: [
      one("How hot", ["Mild", 0], ["Medium", 0], ["As in Bangkok", 0]),
      one("With", ["Tofu", 0], ["Chicken", 150], ["Prawns", 350]),
    ],
    dishes: [
      dish("Curries", "Green curry", 1190, "Aubergine, Thai basil", { groups: ["With", "How hot"] }),
      dish("Curries", "Massaman", 1250, "Potato, peanut", {
        allergens: ["peanuts"],
        groups: ["With", "How hot"],
      }),
      dish("Wok", "Pad Thai", 1150, "Rice noodles, tamarind", {
        allergens: ["peanuts", "eggs"],
        groups: ["With"],
      }),
      dish("Starters", "Summer rolls", 590, "Two, with peanut dip", { ...vegan, allergens: ["peanuts"] }),
      lemonade,
    ],
  },
  indian: {
    cuisines: ["indian"],
    groups: [some("Bread", 3, ["Naan", 290], ["Garlic naan", 350], ["Roti", 250])],
    dishes: [
      dish("Mains", "Butter chicken", 1290, "Tomato, fenugreek", { allergens: ["milk"], groups: ["Bread"] }),
      dish("Mains", "Chana masala", 990, "Chickpeas, ginger", { ...vegan, groups: ["Bread"] }),
      dish("Mains", "Palak paneer", 1090, "Spinach, fresh cheese", { ...vegetarian, groups: ["Bread"] }),
      dish("Starters", "Samosas", 490, "Three, with mint chutney", { ...vegan, allergens: ["gluten"] }),
      dish("Drinks", "Mango lassi", 420, "0.3 l", { ...vegetarian, allergens: ["milk"] }),
    ],
  },
  burger: {
    cuisines: ["burgers", "american"],
    groups: [
      one("Patty", ["Beef", 0], ["Bean", 0], ["Double beef", 350]),
      some("Extras", 3, ["Cheese", 120], ["Bacon", 180], ["Jalapeños", 90]),
    ],
    dishes: [
      dish("Burgers", "House burger", 1090, "Pickles, house sauce", {
        allergens: ["gluten", "mustard"],
        groups: ["Patty", "Extras"],
      }),
      dish("Burgers", "Smoked onion burger", 1190, "Onion jam, rocket", {
        allergens: ["gluten"],
        groups: ["Patty", "Extras"],
      }),
      dish("Sides", "Fries", 420, "Twice fried", vegan),
      dish("Sides", "Slaw", 350, "Red cabbage, apple", vegan),
      lemonade,
    ],
  },
  turkish: {
    cuisines: ["turkish"],
    groups: [some("Sauces", 3, ["Herbs", 0], ["Garlic", 0], ["Hot", 0])],
    dishes: [
      dish("From the spit", "Döner in bread", 790, "Veal, salad", {
        allergens: ["gluten", "milk"],
        groups: ["Sauces"],
      }),
      dish("From the spit", "Döner plate", 1190, "With rice and salad", { groups: ["Sauces"] }),
      dish("Oven", "Lahmacun", 650, "Thin, with parsley and lemon", {
        allergens: ["gluten"],
        groups: ["Sauces"],
      }),
      dish("Mezze", "Hummus and bread", 550, "Chickpeas, sesame", {
        ...vegan,
        allergens: ["sesame", "gluten"],
      }),
      dish("Drinks", "Ayran", 220, "0.25 l", { ...vegetarian, allergens: ["milk"] }),
    ],
  },
  bavarian: {
    cuisines: ["bavarian", "german"],
    groups: [one("Side", ["Bread dumpling", 0], ["Potato salad", 0], ["Cabbage salad", 0])],
    dishes: [
      dish("Mains", "Roast pork", 1490, "Dark beer gravy", {
        allergens: ["gluten", "celery"],
        groups: ["Side"],
      }),
      dish("Mains", "Cheese spaetzle", 1190, "Fried onions", {
        ...vegetarian,
        allergens: ["gluten", "eggs", "milk"],
      }),
      dish("Snacks", "Pretzel with obazda", 690, "Camembert, paprika", {
        ...vegetarian,
        allergens: ["gluten", "milk"],
      }),
      dish("Sweet", "Kaiserschmarrn", 890, "With plums", {
        ...vegetarian,
        allergens: ["gluten", "eggs", "milk"],
      }),
      water,
    ],
  },
  plants: {
    cuisines: ["vegan", "healthy"],
    groups: [
      one("Base", ["Rice", 0], ["Quinoa", 100], ["Leaves", 0]),
      some("On top", 3, ["Tofu", 200], ["Avocado", 220], ["Seeds", 80]),
    ],
    dishes: [
      dish("Bowls", "Beetroot bowl", 1090, "Walnut, orange", {
        ...vegan,
        allergens: ["nuts"],
        groups: ["Base", "On top"],
      }),
      dish("Bowls", "Edamame bowl", 1150, "Carrot, ginger dressing", {
        ...vegan,
        allergens: ["soybeans"],
        groups: ["Base", "On top"],
      }),
      dish("Soups", "Lentil soup", 690, "Lemon, cumin", vegan),
      dish("Sweet", "Banana bread", 390, "One thick slice", { ...vegan, allergens: ["gluten"] }),
      lemonade,
    ],
  },
  mexican: {
    cuisines: ["mexican"],
    groups: [
      one("Filling", ["Beans", 0], ["Chicken", 120], ["Beef", 180]),
      some("Salsas", 2, ["Verde", 0], ["Roja", 0], ["Habanero", 0]),
    ],
    dishes: [
      dish("Tacos", "Three tacos", 990, "Corn tortillas, onion, coriander", {
        groups: ["Filling", "Salsas"],
      }),
      dish("Burritos", "Burrito", 1090, "Rice, beans, cheese", {
        allergens: ["gluten", "milk"],
        groups: ["Filling", "Salsas"],
      }),
      dish("Starters", "Guacamole", 650, "With corn chips", vegan),
      water,
    ],
  },
  sweet: {
    cuisines: ["desserts", "ice cream"],
    groups: [some("With it", 2, ["Whipped cream", 80], ["Hot raspberries", 150])],
    dishes: [
      dish("Ice cream", "Half a litre", 1290, "Up to three kinds", {
        ...vegetarian,
        allergens: ["milk"],
        groups: ["With it"],
      }),
      dish("Cakes", "Cheesecake", 450, "One slice", {
        ...vegetarian,
        allergens: ["gluten", "milk", "eggs"],
        groups: ["With it"],
      }),
      dish("Cakes", "Apple crumble", 420, "One slice, warm", {
        ...vegan,
        allergens: ["gluten"],
        groups: ["With it"],
      }),
    ],
  },
} satisfies Record<string, DemoMenu>;

export type Kind = keyof typeof MENUS;
