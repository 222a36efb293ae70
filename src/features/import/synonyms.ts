/** What files call our fields, in English and Danish, as `plainName` writes it; by module, else for all. */
export const synonyms: { readonly [module: string]: { readonly [field: string]: readonly string[] } } = {
  organisation: {
    name: [
      "account",
      "accountname",
      "company",
      "companyname",
      "firm",
      "firma",
      "firmanavn",
      "kunde",
      "kundenavn",
      "customer",
      "selskab",
      "virksomhedsnavn",
      "organization",
    ],
    sector: ["industry", "branche", "sektor"],
    yearEstablished: ["founded", "yearfounded", "stiftet", "grundlagtår", "etableret"],
    revenue: ["turnover", "annualrevenue", "omsætning"],
    employees: ["headcount", "numberofemployees", "medarbejdere", "antalansatte"],
    officeLocation: ["office", "location", "country", "land", "lokation", "beliggenhed"],
    parent: ["subsidiaryof", "parentcompany", "parentaccount", "moder", "koncern", "datterselskabaf"],
    website: ["url", "web", "homepage", "www"],
    address: ["street", "gade", "vej", "adresse1"],
    postcode: ["zip", "zipcode", "postalcode", "postnr"],
    city: ["town", "bynavn"],
  },
  person: {
    firstName: ["givenname", "forename"],
    lastName: ["surname", "familyname"],
    organisation: ["account", "company", "firma", "kunde", "selskab", "organization"],
    title: ["jobtitle", "position", "stilling"],
  },
  product: {
    name: ["product", "productname", "produkt", "produktnavn", "vare", "varenavn"],
    series: ["productline", "line", "produktserie"],
    price: ["salesprice", "listprice", "unitprice", "salgspris", "listepris"],
  },
  opportunity: {
    name: ["opportunityname", "dealname", "title", "titel"],
    reference: ["opportunityid", "dealid", "id", "number", "nummer", "sagsnummer"],
    organisation: [
      "account",
      "accountname",
      "company",
      "firma",
      "kunde",
      "customer",
      "selskab",
      "organization",
    ],
    person: ["contactperson", "contactname"],
    stage: ["dealstage", "salesstage", "status", "phase", "fase", "stadie"],
    value: ["closevalue", "amount", "dealvalue", "beløb", "salgsværdi"],
    engagedOn: ["engagedate", "startdate", "opened", "startdato", "åbnet"],
    closesOn: ["closedate", "closingdate", "expectedclose", "lukkedato", "lukket", "forventetlukket"],
  },
  activity: {
    name: ["title", "task", "titel", "opgave"],
    kind: ["type", "activitytype", "aktivitetstype"],
    dueAt: ["duedate", "deadline", "forfald", "forfaldsdato"],
    doneAt: ["completed", "completedat", "completeddate", "afsluttet"],
    organisation: ["account", "company", "firma", "kunde", "selskab", "organization"],
    person: ["contact", "kontakt", "kontaktperson"],
    opportunity: ["deal", "salg"],
  },
  user: {
    fullName: ["name", "navn", "salesagent", "agent", "employee", "medarbejder", "user", "bruger", "sælger"],
    group: ["manager", "team", "leder", "hold", "afdeling"],
    territory: ["regionaloffice", "region", "office", "kontor", "distrikt"],
    level: ["niveau", "adgang"],
  },
};

export const synonymsOfAll: { readonly [field: string]: readonly string[] } = {
  responsible: ["salesagent", "owner", "salesperson", "salesrep", "accountmanager", "sælger", "ejer"],
  secondResponsible: ["secondowner", "coowner"],
  territory: ["region", "regionaloffice", "distrikt"],
  phone: ["telephone", "tel", "telefonnummer", "tlf", "mobile", "mobil"],
  email: ["mail", "emailaddress", "emailadresse"],
  currency: ["currencycode", "valutakode"],
  notes: ["note", "comments", "comment", "description", "bemærkninger", "kommentar", "beskrivelse"],
};

/** A name without case, spaces and signs: "Close_Date " → "closedate". */
export const plainName = (text: string): string =>
  text
    .toLowerCase()
    .normalize("NFC")
    .replace(/[^\p{L}\p{N}]+/gu, "");
