// The controls and what they set off.

const PAUSE = 250; // milliseconds without a change: browsers allow few changes of the address
let waiting = false;
let linking = 0;
/** Where each weight is shown: its share, slider and number. */
const weightBoxes = [...document.querySelectorAll(".weight")].flatMap((element) => {
  const box = /** @type {HTMLElement} */ (element);
  const [range, number] = box.querySelectorAll("input");
  const share = /** @type {HTMLElement} */ (box.querySelector(".share"));
  return number ? [{ id: String(box.dataset.id), box, range, number, share }] : [];
});
const boxOf = new Map(weightBoxes.map((each) => [each.id, each]));

/** Show a state in the controls. */
function showControls() {
  at("focus").value = state.focus;
  at("aggregation").value = state.aggregation;
  at("normalisation").value = state.normalisation;
  for (const { id, range, number } of weightBoxes) {
    range.value = String(state.weights[id]);
    number.value = String(state.weights[id]);
  }
  showShares();
}

/** Write beside each slider which share its weight makes of its siblings'. */
function showShares() {
  for (const children of /** @type {string[][]} */ (Object.values(data.children))) {
    const boxes = children.flatMap((id) => boxOf.get(id) ?? []);
    const total = boxes.reduce((all, { id }) => all + state.weights[id], 0);
    for (const { id, box, range, share } of boxes) {
      const weight = state.weights[id];
      const told = `${tenths.format(total > 0 ? (100 * weight) / total : 0)} %`;
      if (share.textContent === told && range.hasAttribute("aria-valuetext")) continue;
      share.textContent = told;
      range.setAttribute("aria-valuetext", say("share", { weight: amount.format(weight), share: told }));
      box.classList.toggle("moved", weight !== data.weights[id]);
    }
  }
}

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
  clearTimeout(linking);
  linking = window.setTimeout(showLink, PAUSE);
  document.documentElement.dataset.drawn = String(Number(document.documentElement.dataset.drawn || 0) + 1);
}

/** @param {string} name @param {string} text */
function offerFile(name, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/yaml" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** Let the address carry the state. */
function showLink() {
  const fragment = fragmentOf();
  try {
    history.replaceState(null, "", fragment ? `#${fragment}` : location.pathname + location.search);
  } catch {
    // Some viewers of local files forbid it; the link can still be copied.
  }
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

/**
 * Give a weight to a node or indicator.
 * @param {string} id @param {number} weight @param {HTMLInputElement} [source] left as it is typed
 */
function weigh(id, weight, source) {
  state.weights[id] = weight;
  const box = boxOf.get(id);
  if (box) {
    box.range.value = String(weight);
    if (source !== box.number) box.number.value = String(weight);
  }
  redraw();
}

function listen() {
  for (const { id, range, number } of weightBoxes) {
    let dragged = false;
    range.addEventListener("pointerdown", () => { dragged = true; });
    for (const end of ["pointerup", "pointercancel", "keydown"]) {
      range.addEventListener(end, () => { dragged = false; });
    }
    range.addEventListener("input", () => {
      // A hand lands on hundredths of the way; keys and programs keep what they give.
      const hundredth = Number(range.max) / 100;
      const landed = Math.round(Number(range.value) / hundredth) * hundredth;
      weigh(id, dragged ? Number(landed.toPrecision(12)) : Number(range.value));
    });
    number.addEventListener("input", () => {
      if (number.value !== "" && number.validity.valid) weigh(id, Number(number.value), number);
    });
    number.addEventListener("change", () => {
      number.value = String(state.weights[id]); // what was no weight goes
    });
  }
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

readFragment(location.hash);
showControls();
listen();
show();
requestAnimationFrame(() => setTimeout(startVega)); // when the table has been painted
