import { resolve } from "node:path";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

// The gallery as files that any server can give out; never part of the app.
export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  plugins: [svelte()],
  clearScreen: false,
  publicDir: false,
  build: {
    target: "safari16",
    outDir: resolve(import.meta.dirname, "../../target/gallery-page"),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000,
  },
});
