export { RestoreArea as default } from "./restore-area.tsx";
