// The engine's weighting, aggregation and ranking, repeated for one page.
//
// Scores follow the engine's methods operation by operation, so that equal scores stay equal; see
// icfscore/methods/aggregate, methods/weigh/given.py, methods/rank.py and methods/tally.py.
// Nothing here knows of the page. Columns are Float64Array; a missing value is NaN.

/**
 * @typedef {{kind: string, exponent?: number, penalty?: string}} Aggregation
 * @typedef {{kind: string, low?: number, high?: number, mean?: number, sd?: number, ddof?: number}}
 *   Normalisation
 * @typedef {{id: string, children: string[]}} PlannedNode  children before parents
 * @typedef {{weights: Record<string, number>, normalisation: string, aggregation: string,
 *   focus: string}} State
 * @typedef {{form: string, m: number, names: string[], low: number[], high: number[],
 *   data: string}} PackedDraws
 * @typedef {{what: string, node: string, child?: string, row?: number, value?: number}} Trouble
 */

const MISSING = 4095; // of 12 bits
const HALF = 1e-12;

/** Thrown where a method is not defined for the values. */
class Undefined extends Error {
  /** @param {Trouble} trouble */
  constructor(trouble) {
    super(trouble.what);
    this.trouble = trouble;
  }
}

/** @param {string} text @returns {Uint8Array} */
function bytesOf(text) {
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i += 1) bytes[i] = raw.charCodeAt(i);
  return bytes;
}

/** Unpack little-endian doubles. @param {string} text @returns {Float64Array} */
function doublesOf(text) {
  const view = new DataView(bytesOf(text).buffer);
  const values = new Float64Array(view.byteLength / 8);
  for (let i = 0; i < values.length; i += 1) values[i] = view.getFloat64(8 * i, true);
  return values;
}

/**
 * Unpack draws, two values in three bytes: by column a Float64Array of all communities of the
 * first draw, then of the second, and so on.
 * @param {PackedDraws} packed @returns {Float64Array[]}
 */
function drawsOf(packed) {
  const bytes = bytesOf(packed.data);
  const size = Math.floor((bytes.length / 3) * 2 / packed.names.length);
  return packed.names.map((_, column) => {
    const low = packed.low[column];
    const step = (packed.high[column] - low) / (MISSING - 1);
    const values = new Float64Array(size);
    for (let i = 0; i < size; i += 1) {
      const place = column * size + i;
      const byte = (place >> 1) * 3;
      const level = place & 1
        ? (bytes[byte + 1] >> 4) | (bytes[byte + 2] << 4)
        : bytes[byte] | ((bytes[byte + 1] & 15) << 8);
      values[i] = level === MISSING ? NaN : low + level * step;
    }
    return values;
  });
}

/** Add numbers in NumPy's order. @param {Float64Array} v @param {number} from @param {number} n */
function sum(v, from, n) {
  if (n < 8) {
    let total = 0;
    for (let i = from; i < from + n; i += 1) total += v[i];
    return total;
  }
  if (n > 128) {
    const half = (n >> 1) - ((n >> 1) % 8);
    return sum(v, from, half) + sum(v, from + half, n - half);
  }
  const r = Array.from(v.subarray(from, from + 8));
  let i = 8;
  for (; i + 8 <= n; i += 8) for (let j = 0; j < 8; j += 1) r[j] += v[from + i + j];
  let total = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));
  for (; i < n; i += 1) total += v[from + i];
  return total;
}

/** Rescale weights to shares. @param {number[]} given @returns {Float64Array} */
function sharesOf(given) {
  const largest = Math.max(...given);
  const shares = Float64Array.from(given, (weight) => weight / largest);
  const total = sum(shares, 0, shares.length);
  return shares.map((share) => share / total);
}

/** One row's values with their weights; what is missing has weight 0. */
class Row {
  /** @param {number} c */
  constructor(c) {
    this.c = c;
    this.x = new Float64Array(c);
    this.w = new Float64Array(c);
    this.terms = new Float64Array(c);
    this.power = 0.5 ** Math.ceil(Math.log2(Math.max(c, 1)));
    this.total = 0;
    this.low = 0;
    this.high = 0;
  }

  /** @param {Float64Array[]} columns @param {Float64Array} shares @param {number} row */
  read(columns, shares, row) {
    let largest = 0;
    this.low = Infinity;
    this.high = -Infinity;
    for (let j = 0; j < this.c; j += 1) {
      const value = columns[j][row];
      this.x[j] = value;
      this.w[j] = Number.isNaN(value) ? 0 : shares[j];
      if (this.w[j] > largest) largest = this.w[j];
      if (this.w[j] > 0) {
        if (value < this.low) this.low = value;
        if (value > this.high) this.high = value;
      }
    }
    for (let j = 0; j < this.c; j += 1) this.w[j] = (this.w[j] / largest) * this.power;
    this.total = sum(this.w, 0, this.c);
    return largest > 0;
  }

  /** Average what a function gives for each value. @param {(x: number) => number} term */
  mean(term) {
    for (let j = 0; j < this.c; j += 1) {
      this.terms[j] = this.w[j] === 0 ? 0 : term(this.x[j]) * this.w[j];
    }
    return sum(this.terms, 0, this.c) / this.total;
  }

  /** Keep rounding from leaving the range of the values. @param {number} y */
  between(y) {
    return Math.min(Math.max(y, this.low), this.high);
  }

  /** @param {string} what @param {(x: number) => boolean} bad */
  refuse(what, bad) {
    for (let j = 0; j < this.c; j += 1) {
      if (this.w[j] > 0 && bad(this.x[j])) {
        throw new Undefined({ what, node: "", child: String(j), value: this.x[j] });
      }
    }
  }
}

/** @type {Record<string, (row: Row, method: Aggregation) => number>} */
const AGGREGATIONS = {
  arithmetic: (row) => row.between(row.mean((x) => x)),

  geometric(row) {
    row.refuse("positive", (x) => x <= 0);
    const top = Math.log(row.high);
    return row.between(row.high * Math.exp(row.mean((x) => Math.log(x) - top)));
  },

  harmonic(row) {
    row.refuse("positive", (x) => x <= 0);
    return row.between(row.low / row.mean((x) => row.low / x));
  },

  power_mean(row, method) {
    const exponent = /** @type {number} */ (method.exponent);
    if (exponent === 1) return AGGREGATIONS.arithmetic(row, method);
    if (exponent === 0) return AGGREGATIONS.geometric(row, method);
    if (exponent === -1) return AGGREGATIONS.harmonic(row, method);
    const p = Math.sign(exponent) * Math.max(Math.abs(exponent), 1e-290);
    if (p > 0) row.refuse("not_negative", (x) => x < 0);
    else row.refuse("positive", (x) => x <= 0);
    const top = p > 0 ? row.high : row.low;
    if (top === 0) return row.between(0);
    const logs = (/** @type {number} */ x) => p * (Math.log(x) - Math.log(top));
    const near = row.mean((x) => Math.expm1(logs(x)));
    const log = near > -0.5 ? Math.log1p(near) : Math.log(row.mean((x) => Math.exp(logs(x))));
    return row.between(top * Math.exp(log / p));
  },

  median(row) {
    const order = [...row.x.keys()].filter((j) => row.w[j] > 0);
    order.sort((a, b) => row.x[a] - row.x[b] || a - b);
    let reached = 0;
    for (let place = 0; place < order.length; place += 1) {
      reached += row.w[order[place]];
      const share = reached / row.total;
      if (share < 0.5 - HALF) continue;
      const lower = row.x[order[place]];
      const next = order[Math.min(place + 1, order.length - 1)];
      const upper = share <= 0.5 + HALF ? row.x[next] : lower;
      return Math.min(Math.max(lower / 2 + upper / 2, lower), upper);
    }
    return NaN;
  },

  mazziotta_pareto(row, method) {
    const mean = row.between(row.mean((x) => x));
    const variance = row.mean((x) => (x - mean) * (x - mean));
    if (!(variance > 0)) return mean;
    if (Math.abs(mean) <= 1e-12 * row.mean(Math.abs)) {
      throw new Undefined({ what: "zero_mean", node: "" });
    }
    return method.penalty === "positive" ? mean + variance / mean : mean - variance / mean;
  },
};

/**
 * Aggregate columns of any length row by row.
 * @param {Float64Array[]} columns @param {Float64Array} shares @param {Aggregation} method
 * @returns {Float64Array}
 */
function aggregate(columns, shares, method) {
  const score = AGGREGATIONS[method.kind];
  const row = new Row(columns.length);
  const scores = new Float64Array(columns[0].length);
  for (let i = 0; i < scores.length; i += 1) {
    try {
      scores[i] = row.read(columns, shares, i) ? score(row, method) : NaN;
    } catch (error) {
      if (error instanceof Undefined) error.trouble.row = i;
      throw error;
    }
  }
  return scores;
}

/** Rank: 1 for the highest, ties share the best rank, 0 where missing. @param {Float64Array} scores */
function ranksOf(scores) {
  const sorted = scores.filter((score) => !Number.isNaN(score)).sort();
  return Array.from(scores, (score) =>
    Number.isNaN(score) ? 0 : sorted.length - upperBound(sorted, score) + 1);
}

/** Count the values at or below one. @param {Float64Array} sorted @param {number} value */
function upperBound(sorted, value) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Count the values below one. @param {Float64Array} sorted @param {number} value */
function lowerBound(sorted, value) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Normalise draws of one column from positions between its lowest and highest value.
 * @param {Float64Array} positions @param {number} n @param {Normalisation} method
 */
function normaliseDraws(positions, n, method) {
  if (method.kind === "min_max") {
    const [low, high] = [Number(method.low), Number(method.high)];
    return positions.map((share) => low * (1 - share) + high * share);
  }
  const result = new Float64Array(positions.length);
  for (let start = 0; start < positions.length; start += n) {
    const draw = positions.subarray(start, start + n);
    const present = draw.filter((value) => !Number.isNaN(value)).sort();
    const m = present.length;
    /** @type {(share: number) => number} */
    let scale;
    if (method.kind === "z_score") {
      const mean = sum(present, 0, m) / m;
      const squares = present.map((value) => (value - mean) ** 2);
      const sd = Math.sqrt(sum(squares, 0, m) / (m - Number(method.ddof)));
      scale = (share) => Number(method.mean) + (sd > 0 ? (Number(method.sd) * (share - mean)) / sd : 0);
    } else if (method.kind === "percentile_rank") {
      const [low, high] = [Number(method.low), Number(method.high)];
      const stretch = (/** @type {number} */ share) => low * (1 - share) + high * share;
      scale = (share) => stretch(m > 1 ? lowerBound(present, share) / (m - 1) : 0.5);
    } else {
      const first = method.kind === "rank" ? 1 : 0;
      scale = (share) => lowerBound(present, share) + first;
    }
    for (let i = 0; i < n; i += 1) {
      result[start + i] = Number.isNaN(draw[i]) ? NaN : scale(draw[i]);
    }
  }
  return result;
}

/**
 * Find the ranks at shares of the draws: the smallest that so many are at or above. The m tied in a
 * draw count 1/m for each of the m ranks they occupy.
 * @param {Float64Array} scores communities of the first draw, then of the next @param {number} n
 * @param {number[]} shares @returns {number[][]} by community the rank at each share
 */
function rankQuantiles(scores, n, shares) {
  const counts = new Float64Array(n * n);
  for (let start = 0; start < scores.length; start += n) {
    const draw = scores.subarray(start, start + n);
    const sorted = draw.filter((score) => !Number.isNaN(score)).sort();
    for (let i = 0; i < n; i += 1) {
      if (Number.isNaN(draw[i])) continue;
      const above = sorted.length - upperBound(sorted, draw[i]);
      const tied = sorted.length - lowerBound(sorted, draw[i]) - above;
      for (let place = above; place < above + tied; place += 1) counts[i * n + place] += 1 / tied;
    }
  }
  return Array.from({ length: n }, (_, i) => {
    const histogram = counts.subarray(i * n, i * n + n);
    const total = histogram.reduce((all, count) => all + count, 0);
    return shares.map((share) => {
      let reached = 0;
      for (let place = 0; place < n; place += 1) {
        reached += histogram[place];
        if (reached >= share * total - 1e-9) return total > 0 ? place + 1 : 0;
      }
      return 0;
    });
  });
}

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
   * @returns {{trouble: Trouble|null, scores: Float64Array, ranks: number[],
   *   nodes: Map<string, Float64Array>}}
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
   * @returns {{quantiles: number[][]|null, reason: string}} why there are none, or ""
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
