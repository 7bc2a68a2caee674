import { mount } from "svelte";
import App from "./App.svelte";
import "./app.css";
import { ipc } from "./lib/ipc";

// Both weights before the first row asks for them, so that rows do not change under the reader.
for (const weight of [400, 700]) void document.fonts.load(`${weight} 12px "Exact"`);

const target = document.getElementById("app");
if (target) mount(App, { target, props: { ipc } });
