// Numbers out of text, and sums in the order in which the engine adds.

/**
 * @typedef {{form: string, m: number, names: string[], low: number[], high: number[],
 *   data: string}} PackedDraws
 */

const MISSING = 4095; // of 12 bits

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

/**
 * Add numbers in NumPy's order.
 * @param {Float64Array} v @param {number} from @param {number} n @returns {number}
 */
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
