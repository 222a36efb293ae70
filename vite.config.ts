import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const here = import.meta.dirname;
const built = resolve(here, "dist/web");

/** Lays a compressed copy beside every file, once at build time; the server sends the one the browser takes. */
const compressed: Plugin = {
  name: "compressed",
  closeBundle() {
    for (const name of globSync("**/*.{js,css,svg}", { cwd: built })) {
      const file = join(built, name);
      const content = readFileSync(file);
      writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
      writeFileSync(`${file}.br`, brotliCompressSync(content));
    }
  },
};

// The server in development; the built files are served by the server itself.
const server = process.env["STRONGROOM_URL"] ?? "http://maven.localhost:3000";

export default defineConfig({
  root: resolve(here, "src/apps/web"),
  plugins: [react(), compressed],
  build: {
    outDir: built,
    emptyOutDir: true,
    sourcemap: false,
    target: "es2022",
    // Fonts and pictures stay files: the page's content policy names 'self' only for fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // A folder's door re-exports much; what a page does not use of it stays out of that page's files.
      treeshake: {
        moduleSideEffects: (id) => (/\/src\/(ui|features|modules)\/.*\.tsx?$/.test(id) ? false : undefined),
      },
    },
  },
  server: { proxy: { "/api": { target: server, changeOrigin: false } } },
});
