// Scores, ranks and intervals from the page's data under any weights. Nothing here knows of the page.

/**
 * @typedef {{id: string, children: string[]}} PlannedNode  children before parents
 * @typedef {{weights: Record<string, number>, normalisation: string, aggregation: string,
 *   focus: string}} State
 * @typedef {{trouble: Trouble|null, scores: Float64Array, ranks: number[],
 *   nodes: Map<string, Float64Array>}} Found
 * @typedef {{quantiles: number[][]|null, reason: string}} Drawn  why there are none, or ""
 */

/** Scores, ranks and intervals of one page's data under any state. */
class Model {
  /** @param {any} data the record that explore/record.py describes */
  constructor(data) {
    this.data = data;
    this.n = data.communities.length;
    /** @type {Map<string, Float64Array[]>} */
    this.tables = new Map();
    /** @type {Map<string, {signature: string, key: string, scores: Float64Array}>} */
    this.kept = new Map();
    this.made = 0;
    this.positions = data.draws ? drawsOf(data.draws) : null;
    /** @type {{key: string, columns: Float64Array[]}} */
    this.scaled = { key: "", columns: [] };
  }

  /** Give the normalised indicators of a choice. @param {string} choice */
  table(choice) {
    let columns = this.tables.get(choice);
    if (!columns) {
      const all = doublesOf(this.data.normalisations[choice].table);
      columns = this.data.indicators.map((/** @type {string} */ _, /** @type {number} */ j) =>
        all.subarray(j * this.n, (j + 1) * this.n));
      this.tables.set(choice, /** @type {Float64Array[]} */ (columns));
    }
    return /** @type {Float64Array[]} */ (columns);
  }

  /** Find the nodes whose children all have weight 0, which the engine refuses. @param {State} state */
  weightless(state) {
    return Object.entries(this.data.children)
      .filter(([, children]) => !(/** @type {string[]} */ (children).some((id) => state.weights[id] > 0)))
      .map(([node]) => node);
  }

  /**
   * Score the communities.
   * @param {State} state
   * @returns {Found}
   */
  score(state) {
    const nothing = new Float64Array(this.n).fill(NaN);
    const none = { scores: nothing, ranks: ranksOf(nothing), nodes: new Map() };
    const [weightless] = this.weightless(state);
    if (weightless) return { ...none, trouble: { what: "weightless", node: weightless } };
    try {
      const nodes = this.climb(state, "", this.table(state.normalisation), this.data.indicators);
      const scores = nodes.get("index");
      if (!scores) return { ...none, trouble: { what: "weightless", node: "index" } };
      return { trouble: null, scores, ranks: ranksOf(scores), nodes };
    } catch (error) {
      if (!(error instanceof Undefined)) throw error;
      return { ...none, trouble: error.trouble };
    }
  }

  /**
   * Rank the draws.
   * @param {State} state
   * @returns {Drawn}
   */
  draw(state) {
    const { draws, start, normalisations } = this.data;
    if (!draws || !this.positions) return { quantiles: null, reason: "none" };
    let columns = this.positions;
    if (draws.form === "criteria" && this.changedBelowRoot(state)) {
      return { quantiles: null, reason: "below" };
    }
    if (draws.form === "normalised" && state.normalisation !== start.normalisation) {
      return { quantiles: null, reason: "scale" };
    }
    if (draws.form === "positions") {
      const { methods } = normalisations[state.normalisation];
      if (!methods) return { quantiles: null, reason: "scale" };
      if (this.scaled.key !== state.normalisation) {
        this.scaled = {
          key: state.normalisation,
          columns: columns.map((column, j) => normaliseDraws(column, this.n, methods[j])),
        };
      }
      columns = this.scaled.columns;
    }
    try {
      const only = draws.form === "criteria" ? "index" : "";
      const scores = this.climb(state, "draws ", columns, draws.names, only).get("index");
      if (!scores) return { quantiles: null, reason: "none" };
      return { quantiles: rankQuantiles(scores, this.n, [0.05, 0.95]), reason: "" };
    } catch (error) {
      if (!(error instanceof Undefined)) throw error;
      return { quantiles: null, reason: "undefined" };
    }
  }

  /**
   * Aggregate up the tree; what has not changed since the last time is kept.
   * @param {State} state @param {string} space of what is kept @param {Float64Array[]} table
   * @param {string[]} names of its columns @param {string} only the one node to aggregate
   * @returns {Map<string, Float64Array>}
   */
  climb(state, space, table, names, only = "") {
    /** @type {Map<string, {key: string, scores: Float64Array}>} */
    const columns = new Map(names.map((name, j) =>
      [name, { key: `${state.normalisation} ${name}`, scores: table[j] }]));
    const nodes = new Map();
    for (const { id, children } of /** @type {PlannedNode[]} */ (this.data.nodes)) {
      if (only && id !== only) continue;
      const taking = children.filter((child) => state.weights[child] > 0 && columns.has(child));
      if (!taking.length) continue;
      if (id !== "index" && !this.counts(state, id)) continue;
      const shares = sharesOf(taking.map((child) => state.weights[child]));
      const method = this.data.aggregations[state.aggregation].methods[id];
      const below = taking.map((child) => /** @type {{key: string, scores: Float64Array}} */ (columns.get(child)));
      const signature = JSON.stringify([method, [...shares], below.map((each) => each.key)]);
      let found = this.kept.get(space + id);
      if (!found || found.signature !== signature) {
        try {
          const scores = aggregate(below.map((each) => each.scores), shares, method);
          this.made += 1;
          found = { signature, key: `made ${this.made}`, scores };
        } catch (error) {
          if (error instanceof Undefined) {
            error.trouble.node = id;
            error.trouble.child = taking[Number(error.trouble.child)];
          }
          throw error;
        }
        this.kept.set(space + id, found);
      }
      columns.set(id, found);
      nodes.set(id, found.scores);
    }
    return nodes;
  }

  /** Tell whether a node or indicator has a weight all the way up. @param {State} state @param {string} id */
  counts(state, id) {
    for (let at = id; at !== "index"; at = this.data.parents[at]) {
      if (!(state.weights[at] > 0)) return false;
    }
    return true;
  }

  /** @param {State} state */
  changedBelowRoot(state) {
    const { start, children, weights } = this.data;
    const below = Object.keys(weights).filter((id) => !children.index.includes(id));
    return state.normalisation !== start.normalisation
      || state.aggregation !== start.aggregation
      || below.some((id) => state.weights[id] !== weights[id]);
  }

  /**
   * Find what the engine would do otherwise, since an indicator without weight is not scored.
   * @param {State} state
   * @returns {{out: string[], back: string[], imputed: boolean}} communities that it would leave
   *   out or take back, and whether it would impute otherwise
   */
  departures(state) {
    const scored = this.data.indicators.map((/** @type {string} */ id) => this.counts(state, id));
    const { least, present, imputed } = this.data.screening;
    const total = scored.filter(Boolean).length;
    /** @type {string[]} */
    const out = [];
    /** @type {string[]} */
    const back = [];
    const kept = new Set(this.data.communities.map((/** @type {{id: string}} */ each) => each.id));
    for (const [id, marks] of Object.entries(present)) {
      const has = scored.filter((/** @type {boolean} */ counted, /** @type {number} */ j) =>
        counted && marks[j] === "1").length;
      const stays = total > 0 && has > 0 && !(has / total < least - 1e-12);
      if (stays !== kept.has(id)) (stays ? back : out).push(id);
    }
    return { out, back, imputed: imputed && total < scored.length };
  }
}
