// Answers a key, so that it can be seen when it does.
addEventListener("keydown", () => document.body.classList.toggle("answered"));
