// What the person chose: the start, the link that carries it, the settings that are written.

/** @param {string} id @returns {any} */
const at = (id) => document.getElementById(id);

const data = JSON.parse(at("data").textContent);
const { words } = data;
/** @type {Record<string, number>} */
const rowOf = Object.fromEntries(
  data.communities.map((/** @type {{id: string}} */ each, /** @type {number} */ i) => [each.id, i]));
/** @type {State} */
let state = startState();

/** @returns {State} */
function startState() {
  return { ...data.start, weights: { ...data.weights } };
}

/** Fill the places of a sentence. @param {string} key @param {Record<string, string>} [places] */
function say(key, places = {}) {
  return words[key].replace(/\{(\w+)\}/g, (/** @type {string} */ whole_, /** @type {string} */ name) =>
    name in places ? places[name] : whole_);
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
