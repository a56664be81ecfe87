/**
 * The page's script: copies texts, and updates the states. It is served as a file, since the page may have no inline
 * script.
 */
export const SCRIPT = `"use strict";
const said = document.getElementById("said");
const say = (text) => { said.textContent = ""; requestAnimationFrame(() => { said.textContent = text; }); };

for (const figure of document.querySelectorAll("figure[data-copy]")) {
  const button = document.createElement("button");
  const code = figure.querySelector("code");
  const label = figure.dataset.copy;
  button.type = "button";
  button.textContent = "Copy";
  button.setAttribute("aria-label", "Copy: " + label);
  button.addEventListener("click", async () => {
    let copied = true;
    try {
      await navigator.clipboard.writeText(code.textContent);
    } catch {
      // No clipboard on plain http beyond loopback: the text is selected instead, for the keyboard to copy.
      getSelection().selectAllChildren(code);
      copied = false;
    }
    button.textContent = copied ? "Copied" : "Selected";
    say(copied ? label + " copied" : label + " selected; press Ctrl or Command and C to copy");
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
  figure.append(button);
}

const list = document.querySelector("dl[data-states]");
const words = JSON.parse(list.dataset.states);
const show = (key, state, text) => {
  const cell = list.querySelector("[data-key=" + key + "]");
  if (cell.dataset.state === state) return;
  cell.dataset.state = state;
  cell.textContent = text;
  say(cell.previousElementSibling.textContent + ": " + text);
};
async function refresh() {
  if (document.hidden) return;
  try {
    const state = await (await fetch("ready", { cache: "no-store" })).json();
    for (const key of Object.keys(words)) show(key, state[key], words[key][state[key]] ?? state[key]);
  } catch {
    show("status", "unready", "Does not answer");
  }
}
setInterval(refresh, 15000);
document.addEventListener("visibilitychange", refresh);
`;
