export { AccountPage } from "./account-page.tsx";
export { browserName } from "./browser-name.ts";
