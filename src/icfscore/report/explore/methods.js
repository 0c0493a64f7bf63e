// The engine's aggregation, normalisation of draws, ranks and rank intervals.
//
// Scores follow the engine's methods operation by operation, so that equal scores stay equal; see
// icfscore/methods/aggregate, methods/normalise, methods/rank.py and methods/tally.py.
// Columns are Float64Array; a missing value is NaN.

/**
 * @typedef {{kind: string, exponent?: number, penalty?: string}} Aggregation
 * @typedef {{kind: string, low?: number, high?: number, mean?: number, sd?: number, ddof?: number}}
 *   Normalisation
 * @typedef {{what: string, node: string, child?: string, row?: number, value?: number}} Trouble
 */

const HALF = 1e-12;

/** Thrown where a method is not defined for the values. */
class Undefined extends Error {
  /** @param {Trouble} trouble */
  constructor(trouble) {
    super(trouble.what);
    this.trouble = trouble;
  }
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

/**
 * Count the values at or below one, among the first so many.
 * @param {Float64Array} sorted @param {number} value @param {number} n
 */
function upperBound(sorted, value, n = sorted.length) {
  let low = 0;
  let high = n;
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
    const sorted = scores.slice(start, start + n).sort();
    let present = n; // what is missing comes last
    while (present && Number.isNaN(sorted[present - 1])) present -= 1;
    for (let i = 0; i < n; i += 1) {
      const score = scores[start + i];
      if (Number.isNaN(score)) continue;
      const upTo = upperBound(sorted, score, present);
      let tied = 1;
      while (tied < upTo && sorted[upTo - tied - 1] === score) tied += 1;
      const above = present - upTo;
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
