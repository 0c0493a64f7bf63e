(() => {
"use strict";
// Without this script everything is there, one report below the other. It shows one at a time,
// lets tables be sorted, and draws the charts anew so that they answer to a pointer.

const at = (/** @type {string} */ id) => document.getElementById(id);
const all = (/** @type {string} */ what, from = document) => [...from.querySelectorAll(what)];
const record = JSON.parse(at("page-record").textContent);
const articles = all("article");
const narrow = window.matchMedia("(max-width: 899px)");
const ready = new Set();

/* Which report is shown: the address's fragment says. */

const wanted = () => {
  try {
    return at(decodeURIComponent(location.hash.slice(1)));
  } catch {
    return null; // no fragment of ours
  }
};

function show(/** @type {boolean} */ moved) {
  const target = wanted();
  const article = target?.closest("article") ?? articles[0];
  for (const each of articles) {
    // Hidden, and yet found by the browser's search.
    if (each === article) each.removeAttribute("hidden");
    else each.setAttribute("hidden", "until-found");
  }
  prepare(article);
  document.title = article.querySelector("h1")?.textContent ?? document.title;
  for (const link of all("nav a")) {
    const current = link.getAttribute("href") === `#${article.id}`;
    if (current) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
    if (current) link.closest("details.group")?.setAttribute("open", "");
  }
  if (!moved || target?.id === "page-main") return;
  if (narrow.matches) contents.removeAttribute("open");
  const goal = target && target !== article ? target : article.querySelector("h1");
  if (!goal) return;
  if (!goal.hasAttribute("tabindex")) goal.setAttribute("tabindex", "-1");
  goal.focus({ preventScroll: true });
  if (goal.tagName === "H1") window.scrollTo(0, 0);
  else goal.scrollIntoView();
}

/* Tables: sorted by what a cell begins with, a number where it does; a third time as they were. */

const sign = (/** @type {string} */ text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const spaces = "\\s\\u00a0\\u202f";
const group = sign(record.group).replace(/^[\s\u00a0\u202f]$/, `[${spaces}]`);
const number = new RegExp(`[−+-]?\\d+(?:${group}\\d{3})*(?:${sign(record.decimal)}\\d+)?`, "g");
const collator = new Intl.Collator(record.locale, { numeric: true });

/** Read the numbers of a cell that begins with one. */
function numbersOf(/** @type {string} */ text) {
  const bare = text.replace(/^[~\u2068\s]+/, "");
  if (!/^[−+-]?\d/.test(bare)) return null;
  return (bare.match(number) ?? []).map((each) =>
    Number(each.split(record.group).join("").replace(record.decimal, ".").replace("−", "-")),
  );
}

function compare(/** @type {any} */ left, /** @type {any} */ right, /** @type {boolean} */ numeric) {
  if (!numeric) return collator.compare(left.text, right.text);
  for (let i = 0; i < Math.max(left.numbers.length, right.numbers.length); i += 1) {
    const difference = (left.numbers[i] ?? -Infinity) - (right.numbers[i] ?? -Infinity);
    if (difference) return difference;
  }
  return 0;
}

function sortBy(/** @type {any} */ table, /** @type {number} */ column, /** @type {string} */ order) {
  const body = table.tBodies[0];
  const rows = table.given ?? [...body.rows];
  table.given = rows;
  if (order !== "none") {
    const keys = new Map(rows.map((/** @type {any} */ row) => {
      const text = row.cells[column]?.textContent.trim() ?? "";
      return [row, { text, numbers: numbersOf(text), nothing: text === "" || text === "–" }];
    }));
    const known = rows.filter((/** @type {any} */ row) => !keys.get(row).nothing);
    const read = known.filter((/** @type {any} */ row) => keys.get(row).numbers);
    const numeric = read.length > known.length / 2;
    // What says nothing comes last either way, and so do words among numbers.
    const sorted = (numeric ? read : [...known]).sort(
      (/** @type {any} */ a, /** @type {any} */ b) =>
        (order === "ascending" ? 1 : -1) * compare(keys.get(a), keys.get(b), numeric),
    );
    const placed = new Set(sorted);
    body.append(...sorted, ...rows.filter((/** @type {any} */ row) => !placed.has(row)));
  } else {
    body.append(...rows);
  }
  for (const head of table.tHead.rows[0].cells) head.removeAttribute("aria-sort");
  if (order !== "none") table.tHead.rows[0].cells[column].setAttribute("aria-sort", order);
}

const NEXT = { none: "ascending", ascending: "descending", descending: "none" };

function makeSortable(/** @type {any} */ table) {
  if (!table.tHead || !table.tBodies[0] || table.tBodies[0].rows.length < 3) return;
  for (const head of table.tHead.rows[0].cells) {
    if (head.tagName !== "TH") continue;
    const button = document.createElement("button");
    button.type = "button";
    button.title = record.sort.replace("{column}", () => head.textContent.trim());
    button.append(...head.childNodes);
    button.lastChild.textContent = button.lastChild.textContent.trimEnd();
    button.addEventListener("click", () => {
      sortBy(table, head.cellIndex, NEXT[head.getAttribute("aria-sort") ?? "none"]);
    });
    head.append(button);
  }
}

/* Charts: what was drawn stays until, and unless, it is drawn anew. */

let vega = null;

async function startVega() {
  const packed = Uint8Array.from(atob(at("page-vega").textContent), (c) => c.charCodeAt(0));
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const script = document.createElement("script");
  script.textContent = await new Response(unpacked).text();
  document.head.append(script);
}

async function draw(/** @type {any} */ figure) {
  const drawing = figure.querySelector(".drawing");
  const place = document.createElement("div");
  place.className = "anew";
  place.setAttribute("aria-hidden", "true");
  place.hidden = drawing.childElementCount > 0;
  drawing.append(place);
  try {
    vega ??= startVega();
    await vega;
    const options = { mode: "vega-lite", renderer: "svg", actions: false, ast: true, logLevel: 1 };
    await window.vegaEmbed(place, record.charts[figure.dataset.kind], options);
  } catch {
    place.remove(); // what was drawn before stays
    return;
  }
  drawing.replaceChildren(place);
  place.hidden = false;
  figure.querySelector(".source").hidden = false;
}

const watcher = new IntersectionObserver((seen) => {
  for (const { target } of seen.filter((each) => each.isIntersecting)) {
    watcher.unobserve(target);
    draw(target);
  }
}, { rootMargin: "200px" });

function prepare(/** @type {any} */ article) {
  if (!ready.has(article)) {
    ready.add(article);
    all("table", article).forEach(makeSortable);
    all(".chart", article).forEach((each) => watcher.observe(each));
  }
}

/* On paper: the report that is shown, or all of them. */

function print(/** @type {boolean} */ everything) {
  document.documentElement.classList.toggle("everything", everything);
  window.print();
}

const contents = at("page-contents").querySelector("details");
if (narrow.matches) contents.removeAttribute("open");
narrow.addEventListener("change", () => contents.toggleAttribute("open", !narrow.matches));
all(".buttons").forEach((each) => { each.hidden = false; });
at("page-print").addEventListener("click", () => print(false));
at("page-print-all").addEventListener("click", () => print(true));
window.addEventListener("afterprint", () => document.documentElement.classList.remove("everything"));
window.addEventListener("hashchange", () => show(true));
for (const article of articles) {
  article.addEventListener("beforematch", () => { location.hash = article.id; });
}
show(location.hash !== "");
document.documentElement.classList.add("ready");
})();
