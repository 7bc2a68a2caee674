import { mount } from "svelte";
import App from "./App.svelte";
import "./app.css";
import { ipc } from "./lib/ipc";

const target = document.getElementById("app");
if (target) mount(App, { target, props: { ipc } });
