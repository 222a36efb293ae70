import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestApi, type TestApi } from "#testing/api.ts";
import { importFile, upload } from "#testing/imports.ts";
import { readRows } from "./read-rows.ts";

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi({ jobs: true });
});
afterAll(() => api.close());

const found = async (path: string, field: string, value: string) =>
  (
    await api.asAdministrator.ask("GET", `/api/${path}`, undefined, {
      query: { filter: JSON.stringify({ field, op: "eq", value }) },
    })
  ).body.items;

test("a Danish file in Windows-1252 with semicolons, Danish headers, dates and numbers", async () => {
  const { asAdministrator } = api;
  const virksomheder =
    'Navn;Branche;Omsætning;Ansatte;By;Noter\r\nØrsted & Søn;energi;1.234,56;12;København;"to\nlinjer"\r\n';
  expect(
    await importFile(asAdministrator, "organisation", Buffer.from(virksomheder, "latin1")),
  ).toMatchObject({
    created: 1,
    refused: 0,
    dialect: { encoding: "windows-1252", delimiter: ";", decimal: "," },
  });
  expect(await found("organisations", "name", "Ørsted & Søn")).toMatchObject([
    { revenue: 1234.56, employees: 12, city: "København", notes: "to\nlinjer" },
  ]);

  const salg =
    "\uFEFFVirksomhed;Trin;Værdi;Lukkes;Sagsnummer;Ansvarlig\nørsted & søn;vundet;1.054,50;22.11.2026;S1;ADMIN\n;I dialog;;;S2;Ada Administrator\n";
  const done = await importFile(asAdministrator, "opportunity", salg);
  expect(done).toMatchObject({ created: 2, refused: 0, dialect: { encoding: "utf-8", dateOrder: "dmy" } });
  expect(await found("opportunities", "reference", "S1")).toMatchObject([
    {
      name: "Ørsted & Søn",
      stage: "won",
      value: 1054.5,
      currency: "USD",
      closesOn: "2026-11-22",
      responsible: { name: "Ada Administrator" },
    },
  ]);
  expect(await found("opportunities", "reference", "S2")).toMatchObject([
    { name: "S2", stage: "engaging", currency: "USD", organisation: null },
  ]);
});

test("how a file is read can be changed, and what a column becomes is remembered for the next file", async () => {
  const { asAdministrator } = api;
  const file = "Produkt\tHylde\tPris\nA\tx\t1.500\n";
  const first = (await upload(asAdministrator, "product", file)).body;
  expect(first).toMatchObject({
    dialect: { delimiter: "\t", decimal: "," },
    mapping: { Produkt: "name", Hylde: null, Pris: "price" },
  });
  const changed = await asAdministrator.ask("PATCH", `/api/imports/${first.id}`, {
    mapping: { ...first.mapping, Hylde: "series" },
    dialect: { ...first.dialect, decimal: "." },
  });
  expect(changed.body).toMatchObject({
    mapping: { Hylde: "series" },
    preview: [{ row: 2, values: { name: "A", series: "x", price: "1.500" }, problems: [] }],
  });
  expect((await upload(asAdministrator, "product", file)).body.mapping).toEqual({
    Produkt: "name",
    Hylde: "series",
    Pris: "price",
  });
});

test("a subsidiary may come before its parent", async () => {
  const done = await importFile(
    api.asAdministrator,
    "organisation",
    "company,subsidiary_of\nLittle,Big\nBig,\nLost,Nobody\n",
  );
  expect(done).toMatchObject({ created: 2, refused: 1 });
  expect(await found("organisations", "name", "Little")).toMatchObject([{ parent: { name: "Big" } }]);
  const { text } = await api.asAdministrator.ask("GET", `/api/imports/${done.id}/report`);
  expect(text).toBe(
    'Row,Field,Text,Why,company,subsidiary_of\r\n4,Parent organisation,Nobody,"is not there, or you may not see it",Lost,Nobody\r\n',
  );
});

test("each row that is not taken is reported with every reason, as data and not as formulas; the others are taken", async () => {
  const done = await importFile(
    api.asAdministrator,
    "organisation",
    "name,employees,email\nGood,5,a@b.dk\n=HYPERLINK(1),many,nobody\n,3,\n\nAlso good,,\n",
  );
  expect(done).toMatchObject({ rows: 4, created: 2, refused: 2 });
  const { text, headers } = await api.asAdministrator.ask("GET", `/api/imports/${done.id}/report`);
  expect(headers["content-disposition"]).toContain("attachment");
  expect(text.split("\r\n").slice(1, 3)).toEqual([
    "3,Employees; E-mail,many; nobody,is not a number; is not written the way it must be,'=HYPERLINK(1),many,nobody",
    "4,Name,,is required,,3,",
  ]);
});

test("a long cell or column name that is shown in part may have a picture where it is cut", async () => {
  const file = `name,${"n".repeat(199)}😀\n${"x".repeat(79)}😀😀,${"y".repeat(199)}😀\n`;
  const { status, body } = await upload(api.asAdministrator, "organisation", file);
  expect(status).toBe(201);
  expect(body.columns[0].samples).toEqual([`${"x".repeat(79)}\ufffd`]);
  expect(await importFile(api.asAdministrator, "organisation", file)).toMatchObject({
    created: 1,
    refused: 0,
  });
});

const refused = async (file: Buffer | string, module = "organisation") => {
  const { status, body } = await upload(api.asAdministrator, module, file);
  return [status, body.error?.code, body.error?.issues?.[0]?.code, body.error?.issues?.[0]?.field];
};

test("a file that is no proper table is refused with the reason and the row, and nothing is kept of it", async () => {
  const count = async () => (await api.asAdministrator.ask("GET", "/api/imports")).body.items.length;
  const before = await count();
  expect(await refused("name,city\nA,B\nC,D,E\n")).toEqual([400, "invalid_input", "ragged", "file, row 3"]);
  expect(await refused("")).toEqual([400, "invalid_input", expect.anything(), "file"]);
  expect(await refused("\n\n")).toEqual([400, "invalid_input", "empty", "file"]);
  expect(await refused("name,city\n")).toEqual([400, "invalid_input", "no_rows", "file"]);
  expect(await refused("a,b\n1,\0\n")).toEqual([400, "invalid_input", "binary", "file"]);
  expect(await refused(Buffer.from("\uFEFFname\nA\n", "utf16le"))).toEqual([
    400,
    "invalid_input",
    "binary",
    "file",
  ]);
  expect(await refused(Buffer.from([0x50, 0x4b, 3, 4, 20, 6, 8]))).toEqual([
    400,
    "invalid_input",
    "binary",
    "file",
  ]);
  expect(await refused('name,city\n"A,B\nC,D\n')).toEqual([400, "invalid_input", "broken", "file, row 2"]);
  expect(await refused(`${"a,".repeat(1_000_000)}a\n1\n`)).toEqual([
    400,
    "invalid_input",
    "too_many_columns",
    "file, row 1",
  ]);
  expect(await refused(`${"a,".repeat(300)}a\n1\n`)).toEqual([
    400,
    "invalid_input",
    "too_many_columns",
    "file, row 1",
  ]);
  expect(await refused(`name\n${"x".repeat(40_000)}\n`)).toEqual([
    400,
    "invalid_input",
    "cell_too_long",
    "file, row 2",
  ]);
  expect(await refused(`name\n${"x".repeat(2_000_000)}\n`)).toEqual([
    400,
    "invalid_input",
    "row_too_long",
    "file, row 2",
  ]);
  expect(await refused(`name\n${"x\n".repeat(1_000_001)}`)).toEqual([
    400,
    "invalid_input",
    "too_many_rows",
    "file",
  ]);
  expect(await refused("name\nA\n", "stage")).toEqual([400, "invalid_input", "not_a_choice", "module"]);
  // Every line begins a quotation that is never closed, so that none of them is whole.
  expect(await refused(`"a\n${"b\n".repeat(30_000)}`)).toEqual([
    400,
    "invalid_input",
    "broken",
    "file, row 1",
  ]);
  const long = await upload(api.asAdministrator, "organisation", `Name,Notes\nA,${"x".repeat(40_000)}\n`);
  expect(long.body.error.message).toContain("row 2, column Notes");
  expect((await refused(Buffer.alloc(51 * 1024 * 1024, "a")))[0]).toBe(413);
  expect(await count()).toBe(before);
});

test("long rows are taken few at a time, so that a file of them needs no more memory than one of short ones", async () => {
  const row = `"${"æ".repeat(30_000)}"\n`;
  const file = Buffer.from(`notes\n${row.repeat(200)}`);
  const sizes: number[] = [];
  for await (const batch of readRows(
    [file],
    { encoding: "utf-8", delimiter: ",", dateOrder: "ymd", decimal: "." },
    "en",
  ))
    sizes.push(batch.reduce((sum, { cells }) => sum + (cells[0]?.length ?? 0), 0));
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(200 * 30_000 + "notes".length);
  expect(Math.max(...sizes)).toBeLessThan(1024 * 1024 + 30_000);
});

test("of two files sent at once by one tenant the second is asked to wait", async () => {
  const file = Buffer.alloc(5 * 1024 * 1024, `name,${"city".repeat(200)}\n`);
  const both = await Promise.all([1, 2].map(() => upload(api.asAdministrator, "organisation", file)));
  expect(both.map(({ status }) => status).sort()).toEqual([201, 429]);
  expect((await upload(api.asAdministrator, "organisation", "name\nA\n")).status).toBe(201);
});

test("a mapping to what is no column, no field, a system column or one field twice is refused by name", async () => {
  const { body } = await upload(api.asAdministrator, "organisation", "name,city\nA,B\n");
  const change = async (changes: object) =>
    (await api.asAdministrator.ask("PATCH", `/api/imports/${body.id}`, changes)).body.error?.issues?.[0];
  expect(await change({ mapping: { nowhere: "name" } })).toMatchObject({
    field: "nowhere",
    code: "unknown_column",
  });
  for (const field of [
    "id",
    "version",
    "createdAt",
    "changedAt",
    "deletedAt",
    "created_by",
    "password_hash",
    "__proto__x",
  ])
    expect(await change({ mapping: { name: field } })).toMatchObject({ field, code: "not_importable" });
  expect(await change({ mapping: { name: "name", city: "name" } })).toMatchObject({
    field: "name",
    code: "mapped_twice",
  });
  expect(
    await change({ dialect: { encoding: "utf-8", delimiter: "|", dateOrder: "mdy", decimal: "." } }),
  ).toMatchObject({ field: "dialect.delimiter" });
  expect((await api.asAdministrator.ask("PATCH", `/api/imports/${body.id}`, { state: "done" })).status).toBe(
    400,
  );
});

test("a name that fits two records is reported, not guessed", async () => {
  const { asAdministrator } = api;
  for (let time = 0; time < 2; time += 1)
    await asAdministrator.ask("POST", "/api/organisations", { name: "Twin" });
  const { body } = await upload(asAdministrator, "person", "Last name,Company\nHolm,Twin\n");
  const check = await asAdministrator.ask("POST", `/api/imports/${body.id}/check`);
  expect(check.body).toMatchObject({
    wouldCreate: 0,
    refused: 1,
    problems: [{ row: 2, field: "organisation", code: "ambiguous" }],
  });
});
