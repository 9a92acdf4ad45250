(() => {
  "use strict";
  const root = document.documentElement;
  const $ = (id) => document.getElementById(id);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // Everything that shows a fact, by the number of the fact.
  const shows = new Map();
  for (const element of all("[data-f]")) {
    for (const number of element.dataset.f.split(" ")) {
      if (!shows.has(number)) shows.set(number, []);
      shows.get(number).push(element);
    }
  }

  // Highlight all mentions of the facts under the pointer or the focus, else of the fact that was last chosen.
  let lit = [];
  let chosen = "";
  const light = (numbers) => {
    for (const element of lit) element.classList.remove("lit");
    lit = numbers.split(" ").flatMap((number) => shows.get(number) ?? []);
    for (const element of lit) element.classList.add("lit");
  };
  const factsOf = (target) => target.closest?.("[data-f]")?.dataset.f ?? "";
  for (const kind of ["pointerover", "focusin"]) {
    document.addEventListener(kind, (event) => light(factsOf(event.target) || chosen));
  }

  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const bring = (element, focus) => {
    for (let part = element.parentElement; part; part = part.parentElement) {
      if (part.tagName === "DETAILS") part.open = true;
    }
    element.scrollIntoView({ block: "center", behavior: calm.matches ? "auto" : "smooth" });
    if (focus) {
      if (!element.matches("a, button")) element.tabIndex = -1;
      element.focus({ preventScroll: true });
    }
  };

  // In wide windows the text scrolls beside the record: only the pane moves, not the page.
  const pane = document.querySelector(".text");
  const beside = () => getComputedStyle(pane).overflowY === "auto";
  const showInText = (element) => {
    if (!beside()) return bring(element, true);
    const top = element.getBoundingClientRect().top - pane.getBoundingClientRect().top;
    pane.scrollTo({ top: pane.scrollTop + top - pane.clientHeight / 3, behavior: calm.matches ? "auto" : "smooth" });
    element.focus({ preventScroll: true });
  };

  // Jumps: from a fact to its words, from words to their fact, and back to where the reader came from.
  const back = $("back");
  let origin = null;
  document.addEventListener("click", (event) => {
    const mark = event.target.closest(".mark[data-f]");
    const link = event.target.closest('a[href^="#"]');
    if (mark && !link) {
      chosen = mark.dataset.f;
      light(chosen);
      const row = (shows.get(chosen.split(" ")[0]) ?? []).find((element) => element.matches(".row"));
      if (row) bring(row, true);
      return;
    }
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const target = $(decodeURIComponent(link.hash.slice(1)));
    if (!target) return;
    const toText = pane.contains(target);
    const toRow = target.matches(".row, .find");
    if (!toText && !toRow) return;
    event.preventDefault();
    chosen = toRow ? (target.dataset.f ?? "") : factsOf(link) || factsOf(target);
    history.pushState(null, "", link.hash);
    if (toText) showInText(target);
    else bring(target, true);
    light(chosen || (target.dataset.f ?? ""));
    if (!chosen) {
      target.classList.add("lit");
      lit.push(target);
    }
    origin = link;
    back.textContent = toText ? "Back to the fact" : "Back to the text";
    back.hidden = false;
  });
  back.addEventListener("click", () => {
    back.hidden = true;
    if (origin) bring(origin, true);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    chosen = "";
    light("");
    back.hidden = true;
  });
  // A link from elsewhere may point into a closed part.
  const opened = location.hash && $(decodeURIComponent(location.hash.slice(1)));
  if (opened) bring(opened, false);

  // Filter: rows whose words hold all that is typed.
  const rows = all(".row, .find, .missing li").map((row) => [row, row.textContent.toLowerCase()]);
  const filter = $("filter");
  filter.addEventListener("input", () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    let hits = 0;
    for (const [row, text] of rows) {
      row.hidden = !words.every((word) => text.includes(word));
      if (!row.hidden) hits += 1;
    }
    for (const group of all(".grp")) group.hidden = !group.parentElement.querySelector(".row:not([hidden])");
    for (const table of all(".tbl")) table.hidden = !table.querySelector(".row:not([hidden]), .missing li:not([hidden])");
    $("hits").textContent = words.length ? `${hits} rows` : "";
  });

  // Colours: automatic, light, dark. Kept for the next page where the browser allows it.
  const themes = ["auto", "light", "dark"];
  const button = $("theme");
  const show = (theme) => {
    root.dataset.theme = theme;
    button.lastElementChild.textContent = theme;
  };
  const kept = (theme) => {
    try {
      if (theme) localStorage.setItem("casemill-theme", theme);
      return localStorage.getItem("casemill-theme");
    } catch {
      return null;
    }
  };
  show(root.dataset.theme === "auto" && themes.includes(kept()) ? kept() : root.dataset.theme);
  button.addEventListener("click", () => {
    const next = themes[(themes.indexOf(root.dataset.theme) + 1) % themes.length];
    show(next);
    kept(next);
  });
  $("tools").hidden = false;

  // The legend switches the marks of a topic off and on.
  for (const entry of all(".legend [data-topic]")) {
    const toggle = document.createElement("button");
    toggle.type = "button";
    toggle.textContent = entry.textContent;
    toggle.setAttribute("aria-pressed", "true");
    entry.replaceChildren(toggle);
    toggle.addEventListener("click", () => {
      const off = entry.classList.toggle("off");
      toggle.setAttribute("aria-pressed", String(!off));
      for (const mark of all(`.m.${entry.dataset.topic}`, pane)) mark.classList.toggle("mute", off);
    });
  }

  // Printed pages show what is folded on the screen.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = all("details:not([open])");
    for (const part of folded) part.open = true;
  });
  addEventListener("afterprint", () => {
    for (const part of folded) part.open = false;
  });
})();
