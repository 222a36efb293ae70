export { default } from "./palette.tsx";
