/** What invented names are made of; every list begins with what is most common. */
const starts =
  "Nor San Mar Hal Bro Dan Lin Ves Ros Tor Al Kar Val Hol Gar Sol Mel Lan Stal Kil Est Jut Pal Cal Del Fal Ran Ost Bal Ul Fre Gre Hav Ing Kro Lyng Mos Ring Sten Ving".split(
    " ",
  );
const middles = ["", "de", "er", "en", "in", "a", "der", "or", "e", "i", "o", "u"];
const ends =
  "berg lund by ford holm dal land ton wood mark gate nes vik stad rup mere wick worth stead mond".split(" ");

/** 9,600 names of places and families. */
export const stems: readonly string[] = middles.flatMap((middle) =>
  ends.flatMap((end) => starts.map((start) => `${start}${middle}${end}`)),
);

export const trades =
  "Trading Foods Logistics Systems Engineering Consulting Energy Pharma Design Media Transport Steel Software Marine Textiles Hotels Packaging Chemicals Furniture Electronics Farming Bakery Printing Security Optics Plastics Brewing Tools Glass Paper Robotics Timber Mining Fishing Insurance Advisers Cleaning Catering Schools Motors".split(
    " ",
  );
export const companyForms = ["ApS", "Inc", "AS", "Ltd", "GmbH", "Group", "AB", "Holding", "Partners", "BV"];

export const sectors =
  "retail software medical services manufacturing finance logistics energy food construction marketing telecommunications entertainment employment".split(
    " ",
  );
export const offices = [
  "Denmark",
  "United States",
  "Sweden",
  "Germany",
  "Norway",
  "Kenya",
  "Japan",
  "Belgium",
  "Korea",
  "Brazil",
];
/** 400 towns. */
export const cities: readonly string[] = stems.slice(0, 400).map((stem) => `${stem}haven`);

export const firstNames =
  "Anna Peter Mette Lars Emma Jens Sofia Henrik Ida Thomas Maria Michael Clara Niels Freja Søren Julie Martin Laura Christian Sarah Anders Nora Jonas Eva Omar Aisha Victor Elena David Maya Kim Ingrid Oscar Lena Paul Rosa Simon Helle Erik Astrid Bent Camilla Daniel Frederik Gitte Hans Jakob Karen Line Mads Nikolaj Olga Pia Rasmus Susanne Torben Ulla Vibeke William Yasmin Zoe Åse Øjvind".split(
    " ",
  );
const commonLastNames =
  "Jensen Nielsen Hansen Pedersen Andersen Christensen Larsen Sørensen Rasmussen Jørgensen Petersen Madsen Kristensen Olsen Smith Johnson Williams Brown Müller Schmidt".split(
    " ",
  );
export const lastNames: readonly string[] = [
  ...commonLastNames.flatMap((name) => Array.from({ length: 20 }, () => name)),
  ...stems,
];
export const titles = [
  "Head of purchasing",
  "Chief financial officer",
  "IT manager",
  "Office manager",
  "Operations director",
  "Owner",
  "Buyer",
];

export const productNames =
  "GTX Pro,GTX Basic,GTX Plus Pro,GTX Plus Basic,MG Special,MG Advanced,GTK 500,Service contract,Training day,Spare parts,Upgrade,Starter kit".split(
    ",",
  );
export const tasks = [
  ["call", "Call about the offer"],
  ["meeting", "Demonstration on site"],
  ["task", "Send the revised price"],
  ["call", "Follow up after the meeting"],
  ["task", "Check delivery dates"],
  ["meeting", "Yearly review"],
  ["task", "Renew the service contract"],
  ["call", "Ask for a reference"],
] as const;
