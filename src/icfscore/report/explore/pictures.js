// The pictures: Vega draws them, this hands it the rows.

/* global vegaEmbed */

/** @type {{ranks: any, profile: any}} */
const views = { ranks: null, profile: null };
const NARROW = window.matchMedia("(max-width: 560px)");

const MANY = 60; // communities: pictures of more follow only when the sliders rest
let planned = 0;

/** Draw after the table has been shown. @param {() => void} draw */
function plan(draw) {
  clearTimeout(planned);
  planned = window.setTimeout(draw, data.communities.length > MANY ? 100 : 0);
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
