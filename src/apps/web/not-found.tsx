import { Empty, useWords } from "#ui/index.ts";
import { appWords } from "./app.words.ts";

export function NotFound() {
  return <Empty>{useWords(appWords).unknownPage}</Empty>;
}
