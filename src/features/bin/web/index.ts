export { BinPage } from "./bin-page.tsx";
