import { existsSync } from "node:fs";

/** The browser for the browser tests: `STRONGROOM_CHROMIUM`, else where Debian puts it; undefined when missing. */
export function findChromium() {
  const places = [
    process.env.STRONGROOM_CHROMIUM,
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
  ];
  return places.find((place) => place && existsSync(place));
}
