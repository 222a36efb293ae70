import {
  cities,
  companyForms,
  firstNames,
  lastNames,
  offices,
  productNames,
  sectors,
  stems,
  tasks,
  titles,
  trades,
} from "./invented.ts";
import { leafOf, responsibleOf, secondOf, userCount } from "./places.ts";
import { fraction, idOf, mixed, momentOf, oneOf, skewed, type Kind } from "./seeded.ts";
import type { Size } from "./size.ts";

export type Value = string | number | boolean | null;
/** One record as it is copied in, and the text its search words come from (as public.keep_words takes them). */
export type Row = {
  id: string;
  values: Value[];
  name: string;
  shown: string;
  territory: number;
  responsible: number;
  second: number | null;
  inBin: boolean;
};

const common = [
  "id",
  "territory_id",
  "territory_set",
  "responsible_id",
  "second_responsible_id",
  "created_at",
  "created_by",
  "changed_at",
  "changed_by",
  "deleted_at",
];
const own: Record<Kind, string> = {
  organisation:
    "name sector year_established revenue employees office_location parent_id website phone email address postcode city notes",
  person: "first_name last_name organisation_id title email phone",
  product: "name series price currency",
  opportunity:
    "name reference organisation_id person_id product_id stage value currency engaged_on closes_on",
  activity: "name kind due_at done_at organisation_id person_id opportunity_id notes",
};
export const columnsOf = (kind: Kind): string[] => [...common, ...own[kind].split(" ")];

/** The first words of an organisation's name. */
const placeOf = (index: number) => skewed(stems, index, 20);
const tradeOf = (index: number) => skewed(trades, index, 21);
export const organisationName = (index: number): string =>
  `${placeOf(index)} ${tradeOf(index)} ${skewed(companyForms, index, 22)}`;
export const personName = (index: number): [string, string] => [
  skewed(firstNames, index, 23),
  skewed(lastNames, index, 24),
];
const domainOf = (organisation: number) =>
  `${placeOf(organisation)}-${tradeOf(organisation)}.example`.toLowerCase();
const ascii = (text: string) =>
  text
    .toLowerCase()
    .replace(/ø/g, "oe")
    .replace(/å/g, "aa")
    .replace(/[^a-z]/g, "u");
const phoneOf = (index: number) => `+45 ${String(20_000_000 + (mixed(index, 25) % 79_999_999))}`;
const dayOf = (index: number, salt: number, from: number, days: number) =>
  new Date(from + (mixed(index, salt) % days) * 86_400_000).toISOString().slice(0, 10);

function row(
  kind: Kind,
  index: number,
  place: [number, number, number | null],
  [name, also]: readonly [name: string, also: string],
  values: Value[],
): Row {
  const [territory, responsible, second] = place;
  const id = idOf(kind, index);
  const at = momentOf(index);
  const inBin = kind !== "product" && mixed(index, 30) % 200 === 0;
  // An organisation was placed by somebody; work on it stands where the organisation stands.
  const all = [
    id,
    territory,
    kind === "organisation",
    responsible,
    second,
    at,
    responsible,
    at,
    responsible,
    inBin ? at : null,
    ...values,
  ];
  return { id, values: all, name, shown: `${name} ${also}`, territory, responsible, second, inBin };
}

function organisation(index: number): Row {
  const name = organisationName(index);
  const city = skewed(cities, index, 26);
  const email = `info@${domainOf(index)}`;
  const parent =
    index > 0 && fraction(index, 27) < 0.1 ? idOf("organisation", mixed(index, 28) % index) : null;
  return row(
    "organisation",
    index,
    [leafOf(index), responsibleOf(index), secondOf(index)],
    [name, `${city} ${email}`],
    [
      name,
      skewed(sectors, index, 29),
      1950 + (mixed(index, 31) % 75),
      Math.round(fraction(index, 32) ** 4 * 1_000_000) / 100,
      1 + Math.floor(fraction(index, 33) ** 4 * 20_000),
      skewed(offices, index, 34),
      parent,
      `https://${domainOf(index)}`,
      phoneOf(index),
      email,
      `${skewed(stems, index, 35)} street ${1 + (mixed(index, 36) % 200)}`,
      String(1000 + (mixed(index, 37) % 8999)),
      city,
      mixed(index, 38) % 10 === 0 ? "Met at the fair; wants a visit before the end of the quarter." : null,
    ],
  );
}

/** Persons follow their organisation: its territory and people are theirs. */
const person =
  (size: Size) =>
  (index: number): Row => {
    const of = index % size.organisations;
    const [first, last] = personName(index);
    const email = `${ascii(first)}.${ascii(last)}@${domainOf(of)}`;
    const place: [number, number, number | null] = [leafOf(of), responsibleOf(of), secondOf(of)];
    return row(
      "person",
      index,
      place,
      [`${first} ${last}`, email],
      [first, last, idOf("organisation", of), oneOf(titles, index, 40), email, phoneOf(index + 7)],
    );
  };

function product(index: number): Row {
  const name = productNames[index] ?? `Product ${index}`;
  return row(
    "product",
    index,
    [0, 1, null],
    [name, ""],
    [name, name.split(" ")[0] ?? name, 50 + index * 375, "USD"],
  );
}

/** Work on an organisation is mostly its responsible's, in the organisation's territory. */
function workPlace(index: number, of: number): [number, number, number | null] {
  const responsible = fraction(index, 50) < 0.7 ? responsibleOf(of) : 1 + (mixed(index, 51) % userCount);
  return [leafOf(of), responsible, fraction(index, 52) < 0.05 ? 1 + (mixed(index, 53) % userCount) : null];
}

const opportunity =
  (size: Size) =>
  (index: number): Row => {
    const of = mixed(index, 54) % size.organisations;
    const good = mixed(index, 55) % productNames.length;
    const name = `${placeOf(of)} ${tradeOf(of)} · ${productNames[good]}`;
    const reference = `SR-${String(index).padStart(7, "0")}`;
    const stage = oneOf(
      ["prospecting", "engaging", "engaging", "won", "won", "won", "lost", "lost"],
      index,
      56,
    );
    const closed = stage === "won" || stage === "lost";
    return row(
      "opportunity",
      index,
      workPlace(index, of),
      [name, reference],
      [
        name,
        reference,
        idOf("organisation", of),
        mixed(index, 57) % 2 === 0 ? idOf("person", of % size.persons) : null,
        idOf("product", good),
        stage,
        stage === "lost" ? 0 : Math.round(fraction(index, 58) ** 3 * 5_000_000) / 100 + 50,
        "USD",
        stage === "prospecting" ? null : dayOf(index, 59, Date.UTC(2024, 0, 1), 700),
        closed ? dayOf(index, 60, Date.UTC(2024, 6, 1), 700) : null,
      ],
    );
  };

const activity =
  (size: Size) =>
  (index: number): Row => {
    const of = mixed(index, 61) % size.organisations;
    const [kind, subject] = oneOf(tasks, index, 62);
    const name = `${subject}, ${placeOf(of)}`;
    const due = `${dayOf(index, 63, Date.UTC(2025, 0, 1), 800)}T${String(8 + (mixed(index, 64) % 9)).padStart(2, "0")}:00:00Z`;
    return row(
      "activity",
      index,
      workPlace(index, of),
      [name, ""],
      [
        name,
        kind,
        due,
        fraction(index, 65) < 0.8 ? due : null,
        idOf("organisation", of),
        null,
        mixed(index, 66) % 2 === 0 ? idOf("opportunity", mixed(index, 67) % size.opportunities) : null,
        null,
      ],
    );
  };

/** Every module with its count and its records, in the order their references need. */
export function rowsOf(size: Size): { kind: Kind; count: number; row: (index: number) => Row }[] {
  return [
    { kind: "organisation", count: size.organisations, row: organisation },
    { kind: "person", count: size.persons, row: person(size) },
    { kind: "product", count: productNames.length, row: product },
    { kind: "opportunity", count: size.opportunities, row: opportunity(size) },
    { kind: "activity", count: size.activities, row: activity(size) },
  ];
}

/** What search finds a record by: the words of its text, and its name as one entry (as public.keep_words does). */
export function entriesOf({ shown, name }: Row): Set<string> {
  const words = shown.toLowerCase().split(notLetters);
  const entry = ` ${name.slice(0, 100).toLowerCase().replace(notLetters, " ").trim()}`;
  return new Set([...words.filter((word) => word !== ""), entry]);
}
const notLetters = /[^\p{L}\p{N}]+/gu;
