// The page: controls in, table and pictures out. All arithmetic is in model.js.

/* global Model, vegaEmbed */

/** @param {string} id @returns {any} */
const at = (id) => document.getElementById(id);

const data = JSON.parse(at("data").textContent);
const { words } = data;
const model = new Model(data);
/** @type {Record<string, number>} */
const rowOf = Object.fromEntries(
  data.communities.map((/** @type {{id: string}} */ each, /** @type {number} */ i) => [each.id, i]));
const whole = new Intl.NumberFormat(data.locale);
const tenths = new Intl.NumberFormat(data.locale, {
  minimumFractionDigits: 1, maximumFractionDigits: 1,
});
const amount = new Intl.NumberFormat(data.locale, { maximumSignificantDigits: 4 });
const started = model.score(startState());
/** @type {{ranks: any, profile: any}} */
const views = { ranks: null, profile: null };
/** @type {State} */
let state = startState();
let waiting = false;
let announcing = 0;

/** @returns {State} */
function startState() {
  return { ...data.start, weights: { ...data.weights } };
}

/** Fill the places of a sentence. @param {string} key @param {Record<string, string>} [places] */
function say(key, places = {}) {
  return words[key].replace(/\{(\w+)\}/g, (/** @type {string} */ whole_, /** @type {string} */ name) =>
    name in places ? places[name] : whole_);
}

/** Choose the decimals of scores: three digits of their range. @param {Float64Array} scores */
function scoreFormat(scores) {
  const present = scores.filter((score) => !Number.isNaN(score));
  const span = present.length ? Math.max(...present) - Math.min(...present) : 0;
  const digits = span > 0 ? Math.min(Math.max(3 - Math.ceil(Math.log10(span)), 0), 9) : 1;
  return new Intl.NumberFormat(data.locale, {
    minimumFractionDigits: digits, maximumFractionDigits: digits,
  });
}

// ---- the state, the controls and the link ----

/** Show a state in the controls. */
function showControls() {
  at("focus").value = state.focus;
  at("aggregation").value = state.aggregation;
  at("normalisation").value = state.normalisation;
  for (const element of document.querySelectorAll(".weight")) {
    const id = /** @type {HTMLElement} */ (element).dataset.id;
    const [range, number] = element.querySelectorAll("input");
    if (!id || !number) continue;
    range.value = String(state.weights[id]);
    number.value = String(state.weights[id]);
  }
  showShares();
}

/** Write beside each slider which share its weight makes of its siblings'. */
function showShares() {
  for (const [, children] of Object.entries(data.children)) {
    const total = /** @type {string[]} */ (children)
      .filter((id) => document.querySelector(`[data-share="${id}"]`))
      .reduce((all, id) => all + state.weights[id], 0);
    for (const id of /** @type {string[]} */ (children)) {
      const place = document.querySelector(`[data-share="${id}"]`);
      if (!place) continue;
      const share = `${tenths.format(total > 0 ? (100 * state.weights[id]) / total : 0)} %`;
      if (place.textContent !== share) place.textContent = share;
      const told = say("share", { weight: amount.format(state.weights[id]), share });
      at(`w-${id}`).setAttribute("aria-valuetext", told);
      const box = /** @type {HTMLElement} */ (place.parentElement);
      box.classList.toggle("moved", state.weights[id] !== data.weights[id]);
    }
  }
}

/** Spell what differs from the start as a link's fragment. */
function fragmentOf() {
  const parts = [];
  for (const key of /** @type {const} */ (["focus", "aggregation", "normalisation"])) {
    if (state[key] !== data.start[key]) parts.push(`${key}=${encodeURIComponent(state[key])}`);
  }
  const moved = Object.keys(data.weights).filter((id) => state.weights[id] !== data.weights[id]);
  if (moved.length) parts.push(`weights=${moved.map((id) => `${id}:${state.weights[id]}`).join(",")}`);
  return parts.join("&");
}

/** Read a fragment; what it names and the page does not have is told. @param {string} fragment */
function readFragment(fragment) {
  const read = startState();
  /** @type {string[]} */
  const unknown = [];
  for (const part of fragment.replace(/^#/, "").split("&").filter(Boolean)) {
    const [key, ...rest] = part.split("=");
    let value = rest.join("=");
    try {
      value = decodeURIComponent(value);
    } catch {
      unknown.push(part);
      continue;
    }
    if (key === "weights") {
      for (const pair of value.split(",")) {
        const [id, text] = pair.split(":");
        const weight = text ? Number(text) : NaN;
        const movable = document.querySelector(`[data-share="${CSS.escape(id)}"]`);
        if (movable && Number.isFinite(weight) && weight >= 0) read.weights[id] = weight;
        else unknown.push(pair);
      }
    } else if (key === "focus" && (value === "" || value in rowOf)) read.focus = value;
    else if (key === "aggregation" && Object.hasOwn(data.aggregations, value)) read.aggregation = value;
    else if (key === "normalisation" && Object.hasOwn(data.normalisations, value)) {
      read.normalisation = value;
    } else unknown.push(part);
  }
  at("said").textContent = unknown.length
    ? say("link_unknown", { names: unknown.join(", ").slice(0, 200) }) : "";
  state = read;
}

/** Write the settings as icfscore.yaml. */
function settingsText() {
  const { head, recipe, tail } = data.settings;
  const weights = Object.keys(data.weights)
    .filter((id) => !data.given || state.weights[id] !== data.filed[id])
    .map((id) => `  ${id}: ${state.weights[id]}\n`);
  return [
    `# ${words.yaml_title} (icfscore ${data.version}).\n`,
    `# ${words.yaml_use}\n`,
    `# ${data.digest}\n`,
    state.focus ? `focus: ${state.focus}\n` : "",
    head,
    "recipe:\n",
    recipe,
    `  normalisation: ${data.normalisations[state.normalisation].yaml}\n`,
    "  weighting: {kind: given}\n",
    `  aggregation: ${data.aggregations[state.aggregation].yaml}\n`,
    weights.length ? `weights:\n${weights.join("")}` : "weights: {}\n",
    tail,
  ].join("");
}

// ---- what is shown ----

/** Redraw in the next frame, however many changes come before it. */
function redraw() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    show();
  });
}

/** Show the ranking under the state. */
function show() {
  const found = model.score(state);
  const drawn = found.trouble ? { quantiles: null, reason: "trouble" } : model.draw(state);
  showShares();
  const rows = rowsOf(found, drawn.quantiles);
  showTable(rows, found.trouble !== null);
  showStanding(found, drawn);
  showTrouble(found);
  showPictures(rows, found);
  try {
    const fragment = fragmentOf();
    history.replaceState(null, "", fragment ? `#${fragment}` : location.pathname + location.search);
  } catch {
    // Some viewers of local files forbid it; the link can still be copied.
  }
  document.documentElement.dataset.drawn = String(Number(document.documentElement.dataset.drawn || 0) + 1);
}

/** @typedef {{id: string, name: string, rank: number, score: number, spelt: string, low: number,
 *   high: number, moved: number, focus: boolean, span: string}} Shown */

/**
 * Put the communities in the order of their ranks, equal ones in that of their names' ids.
 * @param {{scores: Float64Array, ranks: number[]}} found @param {number[][]|null} quantiles
 * @returns {Shown[]}
 */
function rowsOf(found, quantiles) {
  const format = scoreFormat(found.scores);
  const rows = data.communities.map((/** @type {{id: string, name: string}} */ each, /** @type {number} */ i) => {
    const [low, high] = quantiles ? quantiles[i] : [0, 0];
    const rank = found.ranks[i];
    return {
      ...each, rank, low, high,
      score: found.scores[i],
      spelt: rank ? format.format(found.scores[i]) : "–",
      moved: rank && started.ranks[i] ? started.ranks[i] - rank : 0,
      focus: each.id === state.focus,
      span: !low ? "–" : low === high ? whole.format(low)
        : say("span", { low: whole.format(low), high: whole.format(high) }),
    };
  });
  const order = (/** @type {Shown} */ row) => row.rank || Infinity;
  return rows.sort((/** @type {Shown} */ a, /** @type {Shown} */ b) =>
    (order(a) - order(b) || 0) || (a.id < b.id ? -1 : 1));
}

/** @type {Map<string, HTMLTableRowElement>} */
const lines = new Map();

/** Make a community's line of the table. @param {Shown} row */
function lineOf(row) {
  let line = lines.get(row.id);
  if (!line) {
    line = document.createElement("tr");
    line.dataset.id = row.id;
    for (const [tag, kind] of [["td", "number"], ["td", "moved-cell"], ["th", ""], ["td", "number"], ["td", "number"]]) {
      const cell = document.createElement(tag);
      cell.className = kind;
      line.append(cell);
    }
    const name = /** @type {HTMLTableCellElement} */ (line.cells[2]);
    name.scope = "row";
    name.textContent = row.name;
    const [sign, told] = [document.createElement("span"), document.createElement("span")];
    sign.setAttribute("aria-hidden", "true");
    told.className = "hidden";
    line.cells[1].append(sign, told);
    lines.set(row.id, line);
  }
  return line;
}

/** Change a text only where it differs: browsers lay out anew otherwise. @param {Element} place @param {string} text */
function setText(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

/** @param {Shown[]} rows @param {boolean} stale */
function showTable(rows, stale) {
  const body = at("ranking").tBodies[0];
  const kept = rows.filter((row, place) => place < data.mostListed || row.focus);
  kept.forEach((row, place) => {
    const line = lineOf(row);
    line.dataset.rank = String(row.rank);
    line.dataset.score = String(row.score);
    line.dataset.low = String(row.low);
    line.dataset.high = String(row.high);
    line.classList.toggle("focus", row.focus);
    if (row.focus) line.setAttribute("aria-current", "true");
    else line.removeAttribute("aria-current");
    const n = whole.format(Math.abs(row.moved));
    const [sign, told] = line.cells[1].children;
    setText(sign, row.moved ? `${row.moved > 0 ? "▲" : "▼"} ${n}` : "");
    setText(told, row.moved ? say(row.moved > 0 ? "up" : "down", { n }) : "");
    setText(line.cells[0], row.rank ? whole.format(row.rank) : "–");
    setText(line.cells[3], row.spelt);
    setText(line.cells[4], row.span);
    if (body.rows[place] !== line) body.insertBefore(line, body.rows[place] || null);
  });
  while (body.rows.length > kept.length) body.rows[kept.length].remove();
  at("ranking").classList.toggle("stale", stale);
  at("cut").hidden = kept.length === rows.length;
  at("cut").textContent = kept.length === rows.length ? ""
    : say("cut", { shown: whole.format(kept.length), n: whole.format(rows.length) });
}

/** @param {any} found @param {{quantiles: number[][]|null, reason: string}} drawn */
function showStanding(found, drawn) {
  const row = rowOf[state.focus];
  let standing = "";
  let interval = "";
  if (drawn.reason === "none") interval = data.noDraws;
  else if (["below", "scale", "undefined"].includes(drawn.reason)) interval = words[`no_draws_${drawn.reason}`];
  if (row !== undefined) {
    const community = data.communities[row].name;
    const rank = found.ranks[row];
    standing = !rank ? say("unranked", { community }) : say("standing", {
      community,
      rank: whole.format(rank),
      n: whole.format(found.ranks.filter(Boolean).length),
      score: scoreFormat(found.scores).format(found.scores[row]),
    });
    if (drawn.quantiles && rank) {
      const [low, high] = drawn.quantiles[row];
      const draws = whole.format(data.draws.m);
      interval = say(low === high ? "sure" : "interval", {
        draws, low: whole.format(low), high: whole.format(high),
      });
    }
  }
  at("standing").textContent = standing;
  at("interval").textContent = interval;
  at("changed").textContent = changesOf();
  clearTimeout(announcing);
  announcing = window.setTimeout(() => {
    at("live").textContent = `${standing}. ${interval}`;
  }, 600);
}

/** Name what differs from the start. */
function changesOf() {
  const what = [];
  if (state.aggregation !== data.start.aggregation) what.push(words.aggregation);
  if (state.normalisation !== data.start.normalisation) what.push(words.normalisation);
  for (const id of Object.keys(data.weights)) {
    if (state.weights[id] !== data.weights[id]) what.push(say("weight_of", { node: data.names[id] }));
  }
  return what.length ? say("changed", { what: what.slice(0, 6).join(", ") + (what.length > 6 ? ", …" : "") })
    : words.unchanged;
}

/** @param {any} found */
function showTrouble(found) {
  /** @type {string[]} */
  const told = [];
  const name = (/** @type {string} */ id) => data.communities[rowOf[id]]?.name ?? data.excluded[id];
  if (found.trouble) {
    const { what, node, child, row, value } = found.trouble;
    told.push(say(what, {
      node: data.names[node] ?? node,
      child: data.names[child] ?? "",
      community: row === undefined ? "" : data.communities[row].name,
      value: value === undefined ? "" : amount.format(value),
      method: data.aggregations[state.aggregation].label,
    }));
  } else {
    const { out, back, imputed } = model.departures(state);
    if (out.length) told.push(say("out", { communities: out.slice(0, 5).map(name).join(", ") }));
    if (back.length) told.push(say("back", { communities: back.slice(0, 5).map(name).join(", ") }));
    if (imputed) told.push(words.imputed);
  }
  const text = told.join(" ");
  if (at("trouble").textContent !== text) at("trouble").textContent = text;
  document.documentElement.dataset.exact = String(told.length === 0);
}

/** Choose the rows of the rank picture: all, or those nearest to the focus. @param {Shown[]} rows */
function rowsInPicture(rows) {
  const ranked = rows.filter((row) => row.rank);
  const most = data.mostRows;
  const place = ranked.findIndex((row) => row.focus);
  const first = Math.max(0, Math.min(place - Math.floor(most / 2), ranked.length - most));
  const focus = ranked[place]?.name;
  at("shown").textContent = ranked.length <= most ? ""
    : say(focus ? "nearest" : "first", { shown: whole.format(most), community: focus ?? "" });
  return ranked.slice(first, first + most);
}

/** @param {Shown[]} rows @param {any} found */
function showPictures(rows, found) {
  if (views.ranks) {
    views.ranks.data("rows", rowsInPicture(rows).map((row, place) => ({
      place: place + 1,
      name: row.name,
      rank: row.rank,
      low: row.low || row.rank,
      high: row.high || row.rank,
      focus: row.focus,
      told: say("told", {
        community: row.name, rank: whole.format(row.rank), score: row.spelt, interval: row.span,
      }),
    }))).runAsync();
  }
  if (views.profile) {
    /** @type {any[]} */
    const marks = [];
    const table = model.table(state.normalisation);
    data.criteria.forEach((/** @type {string} */ id, /** @type {number} */ place) => {
      const column = data.indicators.indexOf(id);
      const scores = found.nodes.get(id) ?? (column >= 0 ? table[column] : null);
      marks.push({ place: place + 1, name: data.names[id], score: null, focus: false, told: "" });
      if (!scores || found.trouble) return;
      const format = scoreFormat(scores);
      data.communities.forEach((/** @type {{id: string, name: string}} */ each, /** @type {number} */ i) => {
        if (Number.isNaN(scores[i])) return;
        marks.push({
          place: place + 1,
          score: scores[i],
          focus: each.id === state.focus,
          told: say("told_score", { community: each.name, score: format.format(scores[i]) }),
        });
      });
    });
    views.profile.data("rows", marks).runAsync();
  }
}

// ---- listening ----

/** @param {string} name @param {string} text */
function offerFile(name, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/yaml" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

async function copyLink() {
  const fragment = fragmentOf();
  const link = location.href.split("#")[0] + (fragment ? `#${fragment}` : "");
  try {
    await navigator.clipboard.writeText(link);
    at("said").textContent = words.copied;
  } catch {
    at("said").textContent = `${words.copy} ${link}`;
  }
}

function listen() {
  document.querySelector(".weights")?.addEventListener("input", (event) => {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const box = /** @type {HTMLElement} */ (input.closest(".weight"));
    const weight = Number(input.value);
    if (input.value === "" || !Number.isFinite(weight) || weight < 0) return;
    state.weights[/** @type {string} */ (box.dataset.id)] = weight;
    const [range, number] = box.querySelectorAll("input");
    if (input === range) number.value = input.value;
    else range.value = input.value;
    redraw();
  });
  for (const key of /** @type {const} */ (["focus", "aggregation", "normalisation"])) {
    at(key).addEventListener("change", () => {
      state[key] = at(key).value;
      redraw();
    });
  }
  at("preset")?.addEventListener("change", () => {
    const preset = data.presets[at("preset").value];
    if (!preset) return;
    state = {
      focus: state.focus,
      normalisation: preset.normalisation,
      aggregation: preset.aggregation,
      weights: { ...data.weights, ...preset.weights },
    };
    showControls();
    redraw();
  });
  at("reset").addEventListener("click", () => {
    state = startState();
    if (at("preset")) at("preset").value = "";
    showControls();
    redraw();
  });
  at("share").addEventListener("click", copyLink);
  at("download").addEventListener("click", () => offerFile("icfscore.yaml", settingsText()));
  window.addEventListener("hashchange", () => {
    readFragment(location.hash);
    showControls();
    redraw();
  });
}

const NARROW = window.matchMedia("(max-width: 560px)");

/** Draw the pictures for the room there is. */
async function draw() {
  const options = {
    mode: "vega-lite", renderer: "svg", actions: false, ast: true, defaultStyle: false,
    tooltip: false, logLevel: 1,
  };
  const charts = data.charts[NARROW.matches ? "narrow" : "wide"];
  for (const key of /** @type {const} */ (["ranks", "profile"])) {
    views[key] = (await vegaEmbed(`#${key}`, charts[key], options)).view;
  }
  redraw();
}

readFragment(location.hash);
showControls();
listen();
show();
draw();
NARROW.addEventListener("change", draw);
