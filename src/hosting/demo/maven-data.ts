import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";

type Row<Column extends string> = { [column in Column]: string };

const folder = join(import.meta.dirname, "../../../demo/maven-crm");
const read = <Column extends string>(file: string): Row<Column>[] => parse(readFileSync(join(folder, file)), { columns: true, bom: true });

export const accounts = () => read<"account" | "sector" | "year_established" | "revenue" | "employees" | "office_location" | "subsidiary_of">("accounts.csv");
export const products = () => read<"product" | "series" | "sales_price">("products.csv");
export const salesTeams = () => read<"sales_agent" | "manager" | "regional_office">("sales_teams.csv");
export const pipeline = () =>
  read<"opportunity_id" | "sales_agent" | "product" | "account" | "deal_stage" | "engage_date" | "close_date" | "close_value">("sales_pipeline.csv").map((row) => ({
    ...row,
    // The source spells one product in two ways.
    product: row.product === "GTXPro" ? "GTX Pro" : row.product,
    engage_date: isoDay(row.engage_date),
    close_date: isoDay(row.close_date),
  }));

/** "3/1/2017", month first, as "2017-03-01". */
function isoDay(text: string): string | null {
  const [month = "", day = "", year = ""] = text.split("/");
  return text === "" ? null : `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
}
