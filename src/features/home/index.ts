export { showHome } from "./home.ts";
