"use strict";
(() => {
  const families = JSON.parse(document.getElementById("atlas").textContent);
  const width = 360;
  const height = 230;
  const box = { left: 34, right: 352, top: 8, bottom: 208 };
  const points = 360;
  let span = 5;

  const minus = (text) => text.replace("-", "−");
  const digits = (v, n) => {
    if (!Number.isFinite(v)) return Number.isNaN(v) ? "–" : minus(v > 0 ? "∞" : "-∞");
    if (v === 0) return "0";
    const size = Math.abs(v);
    return minus(size < 1e-3 || size >= 1e5 ? v.toExponential(n - 1) : String(Number(v.toPrecision(n))));
  };
  const svg = (name, attributes, text) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    if (text != null) element.textContent = text;
    return element;
  };
  const html = (name, className, text) => {
    const element = document.createElement(name);
    if (className) element.className = className;
    if (text != null) element.textContent = text;
    return element;
  };

  const xs = () => Array.from({ length: points + 1 }, (_, i) => -span + (2 * span * i) / points);

  // The values that a plot shows: all, but for the tails of poles, which are cut.
  const shown = (values) => {
    const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
    if (!sorted.length) return [0, 0];
    const at = (part) => sorted[Math.floor(part * (sorted.length - 1))];
    const [low, high] = [at(0.04), at(0.96)];
    const room = 3 * (high - low);
    return [
      room > 0 && low - sorted[0] > room ? low - room / 6 : sorted[0],
      room > 0 && at(1) - high > room ? high + room / 6 : at(1),
    ];
  };

  const steps = (low, high, most) => {
    const least = (high - low) / most;
    const power = 10 ** Math.floor(Math.log10(least));
    const step = power * [1, 2, 5, 10].find((times) => times * power >= least * 0.999);
    const ticks = [];
    for (let i = Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) ticks.push(i * step);
    return ticks;
  };

  class Card {
    constructor(element, family) {
      this.element = element;
      this.family = family;
      this.index = Number(element.dataset.family);
      this.graph = element.querySelector(".graph");
      this.readout = element.querySelector(".readout");
      this.sliders = element.querySelector(".sliders");
      const members = element.querySelector(".member");
      if (members) members.addEventListener("change", () => this.show(Number(members.value)));
      this.graph.addEventListener("pointermove", (event) => this.point(event));
      this.graph.addEventListener("pointerleave", () => this.read(null));
      this.show(0);
    }

    show(which) {
      this.member = this.family.members[which];
      this.run = functions[this.index][which];
      this.values = this.member.sliders.map((slider) => slider.initial);
      this.element.querySelector(".equation").innerHTML = this.member.mathml;
      this.element.querySelector("code.formula").textContent = this.member.formula;
      this.element.querySelector(".source").textContent = this.member.source;
      this.element.querySelector(".cost").textContent =
        this.member.cost == null ? this.member.costClass : digits(this.member.cost, 3) + " × ReLU";
      this.makeSliders();
      this.range();
    }

    makeSliders() {
      this.sliders.replaceChildren();
      const { sliders, folded, learned } = this.member;
      if (!sliders.length) return;
      const all = html("div", "all");
      this.inputs = sliders.map((slider, i) => {
        const label = html("label");
        const input = html("input");
        const output = html("output", "", digits(slider.initial, 3));
        Object.assign(input, { type: "range", min: slider.low, max: slider.high, step: "any", value: slider.initial });
        input.setAttribute("aria-label", slider.name);
        input.addEventListener("input", () => {
          this.values[i] = Number(input.value);
          output.textContent = digits(this.values[i], 3);
          this.draw();
        });
        label.append(html("span", "name", slider.name), input, output);
        all.append(label);
        return { input, output };
      });
      this.back = html("button", "", "reset");
      this.back.type = "button";
      this.back.hidden = true;
      this.back.addEventListener("click", () => this.reset());
      const foot = html("div", "foot");
      foot.append(html("span", "", "learned: " + learned), this.back);
      if (folded) {
        const details = html("details");
        details.append(html("summary", "", sliders.length + " parameters"), all);
        this.sliders.append(details, foot);
      } else {
        this.sliders.append(all, foot);
      }
    }

    reset() {
      this.member.sliders.forEach(({ initial }, i) => {
        this.values[i] = initial;
        this.inputs[i].input.value = initial;
        this.inputs[i].output.textContent = digits(initial, 3);
      });
      this.range();
    }

    // The range of values stands still while a slider moves, so that the curve is seen to move.
    range() {
      const both = xs().map((x) => this.run(x, this.values));
      const [low, high] = shown(both.map((one) => one[0]));
      const [steepLow, steepHigh] = shown(both.map((one) => one[1]));
      const from = Math.min(low, Math.max(steepLow, low - (high - low)), 0);
      const to = Math.max(high, Math.min(steepHigh, high + (high - low)), 0);
      const margin = to > from ? 0.07 * (to - from) : 1;
      this.low = from - margin;
      this.high = to + margin;
      this.frame();
      this.initial = this.path(0);
      this.draw();
    }

    px(x) {
      return box.left + ((x + span) / (2 * span)) * (box.right - box.left);
    }

    py(y) {
      return box.bottom - ((y - this.low) / (this.high - this.low)) * (box.bottom - box.top);
    }

    frame() {
      const clip = "clip-" + this.index;
      const lines = [];
      steps(-span, span, 7).forEach((x) => {
        const at = { x1: this.px(x), x2: this.px(x), y1: box.top, y2: box.bottom, class: x === 0 ? "axis" : "grid" };
        lines.push(svg("line", at));
        lines.push(svg("text", { x: this.px(x), y: box.bottom + 15, "text-anchor": "middle" }, digits(x, 3)));
      });
      steps(this.low, this.high, 6).forEach((y) => {
        const zero = Math.abs(y) < 1e-9;
        const at = { x1: box.left, x2: box.right, y1: this.py(y), y2: this.py(y), class: zero ? "axis" : "grid" };
        lines.push(svg("line", at));
        lines.push(svg("text", { x: box.left - 6, y: this.py(y) + 3.5, "text-anchor": "end" }, zero ? "0" : digits(y, 3)));
      });
      const edge = svg("clipPath", { id: clip });
      edge.append(svg("rect", { x: box.left, y: box.top, width: box.right - box.left, height: box.bottom - box.top }));
      const curves = svg("g", { "clip-path": `url(#${clip})` });
      this.ghost = svg("path", { class: "ghost" });
      this.slope = svg("path", { class: "slope" });
      this.value = svg("path", { class: "value" });
      curves.append(this.ghost, this.slope, this.value);
      this.cross = svg("g", { visibility: "hidden" });
      this.graph.replaceChildren(edge, ...lines, curves, this.cross);
    }

    // A point far outside is drawn a little outside; from beyond one edge to beyond the other is a gap.
    path(which) {
      const room = this.high - this.low;
      let text = "";
      let before = NaN;
      for (const x of xs()) {
        const y = this.run(x, this.values)[which];
        if (Number.isNaN(y)) {
          before = NaN;
          continue;
        }
        const jumps = (before > this.high && y < this.low) || (before < this.low && y > this.high);
        const near = Math.min(Math.max(y, this.low - room), this.high + room);
        text += (Number.isNaN(before) || jumps ? "M" : "L") + this.px(x).toFixed(1) + " " + this.py(near).toFixed(2);
        before = y;
      }
      return text;
    }

    draw() {
      const value = this.path(0);
      this.value.setAttribute("d", value);
      this.slope.setAttribute("d", this.path(1));
      const moved = value !== this.initial && this.member.sliders.length > 0;
      this.ghost.setAttribute("d", moved ? this.initial : "");
      if (this.back) this.back.hidden = !moved;
      this.graph.setAttribute("aria-label", `${this.member.id}: value and derivative`);
      this.read(null);
    }

    point(event) {
      const area = this.graph.getBoundingClientRect();
      const at = ((event.clientX - area.left) / area.width) * width;
      const x = -span + (2 * span * (at - box.left)) / (box.right - box.left);
      this.read(Math.abs(x) <= span ? x : null);
    }

    read(x) {
      const at = x ?? 0;
      const [y, slope] = this.run(at, this.values);
      const cell = (name, text, value) => {
        const one = html("span", name, text + " ");
        one.append(html("b", "", digits(value, 4)));
        return one;
      };
      this.readout.replaceChildren(cell("x", "x", at), cell("f", "f", y), cell("d", "f′", slope));
      this.cross.setAttribute("visibility", x == null ? "hidden" : "visible");
      if (x == null) return;
      const inside = (v) => v >= this.low && v <= this.high;
      this.cross.replaceChildren(
        svg("line", { class: "cross", x1: this.px(x), x2: this.px(x), y1: box.top, y2: box.bottom }),
        ...(inside(slope) ? [svg("circle", { class: "slope", cx: this.px(x), cy: this.py(slope), r: 3 })] : []),
        ...(inside(y) ? [svg("circle", { class: "value", cx: this.px(x), cy: this.py(y), r: 3.5 })] : []),
      );
    }
  }

  const place = document.getElementById("cards");
  const cards = [...place.querySelectorAll(".card")].map((element, i) => new Card(element, families[i]));
  const field = (id) => document.getElementById(id);
  const texts = families.map((family) =>
    [family.id, ...family.members.flatMap((m) => [m.id, m.formula, m.source])].join(" ").toLowerCase(),
  );

  const filter = () => {
    const words = field("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    let left = 0;
    cards.forEach((card, i) => {
      const first = families[i].members[0];
      const fits =
        words.every((word) => texts[i].includes(word)) &&
        (field("kind").value === "all" || (first.sliders.length > 0) === (field("kind").value === "learned")) &&
        (field("class").value === "all" || first.costClass === field("class").value);
      card.element.hidden = !fits;
      left += fits ? 1 : 0;
    });
    field("count").textContent = `${left} of ${cards.length}`;
    field("none").hidden = left > 0;
    field("none").textContent = "Nothing fits. Search for less.";
  };
  const order = () => {
    const by = field("order").value;
    const cost = (card) => families[card.index].members[0].cost ?? Infinity;
    const sorted = [...cards].sort((a, b) =>
      by === "name"
        ? families[a.index].id.localeCompare(families[b.index].id)
        : by === "cost"
          ? cost(a) - cost(b) || a.index - b.index
          : a.index - b.index,
    );
    place.append(...sorted.map((card) => card.element));
  };
  field("filter").addEventListener("submit", (event) => event.preventDefault());
  field("search").addEventListener("input", filter);
  ["kind", "class"].forEach((id) => field(id).addEventListener("change", filter));
  field("order").addEventListener("change", order);
  field("span").addEventListener("change", () => {
    span = Number(field("span").value);
    cards.forEach((card) => card.range());
  });
  filter();
})();
