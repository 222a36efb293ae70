import { buffer } from "node:stream/consumers";

const page = { size: "A4", margin: 56 } as const;

/** The recovery sheet to be printed: the words of the text, letter by letter, in a type in which no two look alike. */
export async function sheetPdf(text: string, madeAt: Date): Promise<Buffer> {
  // Needed once in the life of a key: not loaded with every start.
  const { default: Pdf } = await import("pdfkit");
  const [title = "", ...rest] = text.split("\n");
  const document = new Pdf({ ...page, info: { Title: title, CreationDate: madeAt } });
  document.font("Courier-Bold").fontSize(15).text(title);
  document.font("Courier").fontSize(9).text(rest.join("\n"), { lineGap: 3 });
  document.end();
  return await buffer(document);
}
