// The pictures: Vega draws them, this hands it the rows.

/* global vegaEmbed */

const PICTURES = /** @type {const} */ (["ranks", "profile"]);
const MANY = 60; // communities: pictures of more follow only when the sliders rest
// On screen alone: while a page is printed there is no time to draw anew.
const NARROW = window.matchMedia("screen and (max-width: 560px)");
/** @type {{ranks: any, profile: any}} */
const views = { ranks: null, profile: null };
/** @type {{ranks: object[], profile: object[]}} */
const pictured = { ranks: [], profile: [] };
let planned = 0;

/** Run Vega's bundle, which the page carries as text: the table need not wait for it. */
function startVega() {
  const script = document.createElement("script");
  script.textContent = at("vega").textContent;
  document.head.append(script);
  drawPictures();
  NARROW.addEventListener("change", drawPictures);
}

/** Tell Vega the signs of numbers in the page's language. */
function numberSigns() {
  const parts = new Intl.NumberFormat(data.locale).formatToParts(1234567.8);
  const sign = (/** @type {string} */ kind) => parts.find(({ type }) => type === kind)?.value ?? "";
  return { decimal: sign("decimal"), thousands: sign("group"), grouping: [3], currency: ["", ""] };
}

/** Make the pictures for the room there is, with the rows of last time. */
async function drawPictures() {
  const options = {
    mode: "vega-lite", renderer: "svg", actions: false, ast: true, defaultStyle: false,
    tooltip: false, logLevel: 1, formatLocale: numberSigns(),
  };
  const charts = data.charts[NARROW.matches ? "narrow" : "wide"];
  for (const key of PICTURES) {
    const chart = { ...charts[key], datasets: { rows: pictured[key] } };
    views[key] = (await vegaEmbed(`#${key}`, chart, options)).view;
  }
  planPictures();
}

/** Draw new rows after the table has been shown. */
function planPictures() {
  clearTimeout(planned);
  planned = window.setTimeout(() => {
    for (const key of PICTURES) views[key]?.data("rows", pictured[key]).runAsync();
  }, data.communities.length > MANY ? 100 : 0);
}

/** @param {Shown[]} rows @param {Found} found */
function showPictures(rows, found) {
  pictured.ranks = rowsInPicture(rows).map((row, place) => ({
    place: place + 1,
    name: row.name,
    rank: row.rank,
    low: row.low || row.rank,
    high: row.high || row.rank,
    focus: row.focus,
    told: say("told", {
      community: row.name, rank: whole.format(row.rank), score: row.spelt, interval: row.span,
    }),
  }));
  pictured.profile = marksOfProfile(found);
  planPictures();
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

/** List every community's score on every child of the root. @param {Found} found */
function marksOfProfile(found) {
  const table = model.table(state.normalisation);
  return data.criteria.flatMap((/** @type {string} */ id, /** @type {number} */ place) => {
    const column = data.indicators.indexOf(id);
    const scores = found.nodes.get(id) ?? (column >= 0 ? table[column] : null);
    const name = { place: place + 1, name: data.names[id], score: null, focus: false, told: "" };
    if (!scores || found.trouble) return [name];
    const format = scoreFormat(scores);
    const marks = data.communities.map((/** @type {any} */ each, /** @type {number} */ i) => ({
      place: place + 1,
      score: scores[i],
      focus: each.id === state.focus,
      told: say("told_score", { community: each.name, score: format.format(scores[i]) }),
    }));
    return [name, ...marks.filter((/** @type {any} */ mark) => !Number.isNaN(mark.score))];
  });
}
