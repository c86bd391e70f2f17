// Adds calls to the list as they come. Texts are set as texts: nothing here makes markup, and the page's policy
// (`require-trusted-types-for`) would not let it.
"use strict";

const list = document.querySelector("[data-live]");

if (list) {
  const body = list.querySelector("tbody");
  const template = list.querySelector("template");
  const most = Number(list.dataset.most);
  const state = document.querySelector("[data-live-state]");
  const say = (word, text) => {
    state.dataset.liveState = word;
    state.querySelector("[data-live-text]").textContent = text;
  };

  const place = (call) => {
    const known = body.querySelector(`[data-number="${Number(call.number)}"]`);
    if (known) return known;
    const row = template.content.firstElementChild.cloneNode(true);
    row.dataset.number = call.number;
    row.classList.add("new");
    const older = [...body.children].find((other) => Number(other.dataset.number) < call.number);
    body.insertBefore(row, older ?? null);
    while (body.children.length > most) body.lastElementChild.remove();
    return row;
  };

  const source = new EventSource(list.dataset.live);
  source.addEventListener("open", () => say("on", "Live: new calls appear by themselves."));
  source.addEventListener("error", () => say("off", "The dashboard does not answer. Trying again."));
  source.addEventListener("call", (event) => {
    const call = JSON.parse(event.data);
    const row = place(call);
    row.querySelectorAll("[data-text]").forEach((cell, at) => (cell.textContent = call.cells[at]));
    row.querySelector(".badge").dataset.is = call.outcome;
    // The address is made by the dashboard, of its own path and an id.
    row.querySelector("a").setAttribute("href", call.href);
    document.querySelector("[data-none]")?.remove();
  });
}
