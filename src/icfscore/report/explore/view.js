// What is shown: the table, the sentence about the community that is followed, what is wrong.

const whole = new Intl.NumberFormat(data.locale);
const tenths = new Intl.NumberFormat(data.locale, {
  minimumFractionDigits: 1, maximumFractionDigits: 1,
});
const amount = new Intl.NumberFormat(data.locale, { maximumSignificantDigits: 4 });
const model = new Model(data);
const started = model.score(startState());
let announcing = 0;

/** Choose the decimals of scores: three digits of their range. @param {Float64Array} scores */
function scoreFormat(scores) {
  const present = scores.filter((score) => !Number.isNaN(score));
  const span = present.length ? Math.max(...present) - Math.min(...present) : 0;
  const digits = span > 0 ? Math.min(Math.max(3 - Math.ceil(Math.log10(span)), 0), 9) : 1;
  return new Intl.NumberFormat(data.locale, {
    minimumFractionDigits: digits, maximumFractionDigits: digits,
  });
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
