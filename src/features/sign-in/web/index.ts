export { SessionGate, startAnew } from "./session-gate.tsx";
