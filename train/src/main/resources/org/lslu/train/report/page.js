"use strict";
(() => {
  const charts = JSON.parse(document.getElementById("charts").textContent);
  const printWidth = 320; // two columns on A4 and on Letter
  const plots = [];
  let printing = false;

  const styles = getComputedStyle(document.documentElement);
  const tone = (name) => styles.getPropertyValue(name).trim();

  // Eight colours by hand; with more lines the circle of hues is divided evenly.
  const shade = (line, count) => {
    if (line.color < 0) return "var(--first)";
    if (count <= 8) return `var(--c${line.color})`;
    return `hsl(${Math.round((line.color * 360) / count)} 70% var(--lightness))`;
  };
  // A canvas knows no CSS variables.
  const onCanvas = (color) => color.replace(/var\((--\w+)\)/g, (whole, name) => tone(name));
  const faint = (color) => {
    const probe = document.createElement("canvas").getContext("2d");
    probe.fillStyle = onCanvas(color);
    return probe.fillStyle + "38";
  };

  const minus = (text) => text.replace("-", "−");
  const digits = (v, n) => {
    if (v === 0) return "0";
    const size = Math.abs(v);
    if (size < 1e-4 || size >= 1e6) return minus(v.toExponential(n - 2));
    return minus(String(Number(v.toPrecision(n))));
  };
  const writers = {
    LOSS: (v) => digits(v, 4),
    PERCENT: (v) => (100 * v).toFixed(2) + " %",
    RATE: (v) => digits(v, 3),
    VALUE: (v) => (Math.abs(v) < 1000 ? minus(v.toFixed(3)) : digits(v, 4)),
  };
  const tickWriters = {
    LOSS: (v) => digits(v, 6),
    PERCENT: (v) => digits(100 * v, 6) + " %",
    RATE: (v) => digits(v, 6),
    VALUE: (v) => digits(v, 6),
  };

  const strokes = {
    SOLID: { dash: [], border: "solid" },
    DASHED: { dash: [7, 4], border: "dashed" },
    DOTTED: { dash: [2, 3], border: "dotted" },
  };

  // Wide enough for the longest number on the axis.
  const axisWidth = (u, values) => {
    if (!values) return 40;
    u.ctx.save();
    u.ctx.font = u.axes[1].font[0];
    const longest = Math.max(...values.map((v) => u.ctx.measureText(v ?? "").width));
    u.ctx.restore();
    return Math.ceil(longest / devicePixelRatio) + 14;
  };

  const drawBars = (u, histogram) => {
    const { edges, counts } = histogram;
    const most = Math.max(...counts.map((n, i) => n / (edges[i + 1] - edges[i])));
    if (!(most > 0)) return;
    const { left, top, width, height } = u.bbox;
    u.ctx.save();
    u.ctx.beginPath();
    u.ctx.rect(left, top, width, height);
    u.ctx.clip();
    u.ctx.fillStyle = tone("--bars");
    counts.forEach((n, i) => {
      const from = Math.round(u.valToPos(edges[i], "x", true));
      const to = Math.round(u.valToPos(edges[i + 1], "x", true));
      const tall = ((0.6 * n) / (edges[i + 1] - edges[i]) / most) * height;
      u.ctx.fillRect(from, top + height - tall, Math.max(to - from - (to - from > 3 ? 1 : 0), 1), tall);
    });
    u.ctx.restore();
  };

  const options = (chart, width, height) => {
    const overEpochs = chart.kind === "EPOCHS";
    const x = chart.x;
    const write = writers[chart.format];
    const few = overEpochs && x.length <= 25;
    const count = 1 + Math.max(...chart.lines.map((line) => line.color));
    const series = [
      { label: overEpochs ? "epoch" : "x", value: (u, v) => (v == null ? "–" : digits(v, 4)) },
    ];
    const bands = [];
    const data = [x];
    for (const line of chart.lines) {
      const color = shade(line, count);
      const at = series.length;
      series.push({
        label: line.label,
        stroke: () => onCanvas(color),
        css: color,
        width: 2,
        dash: strokes[line.style].dash,
        border: strokes[line.style].border,
        points: { show: few, size: x.length === 1 ? 9 : 5, fill: () => onCanvas(color), dash: [] },
        value: (u, v) => (v == null ? "–" : write(v)),
      });
      data.push(line.values);
      if (line.high) {
        for (const edge of [line.high, line.low]) {
          series.push({ label: "", class: "quiet", stroke: "transparent", width: 0, points: { show: false } });
          data.push(edge);
        }
        bands.push({ series: [at + 1, at + 2], fill: () => faint(color) });
      }
    }
    const last = overEpochs ? x.length - 1 : nearest(x, 0);
    const axis = {
      stroke: () => tone("--soft"),
      font: "11.5px system-ui, sans-serif",
      grid: { stroke: () => tone("--grid"), width: 1 },
      ticks: { stroke: () => tone("--grid"), width: 1, size: 4 },
    };
    return {
      data,
      settings: {
        width,
        height,
        series,
        bands,
        padding: [8, 10, 0, 0],
        scales: {
          x: {
            time: false,
            range: (u, low, high) => (low === high ? [low - 1, high + 1] : [low, high]),
          },
          y: {
            range: (u, low, high) => {
              if (chart.frames) [low, high] = [chart.frames.low, chart.frames.high];
              if (low == null || high == null) return [0, 1];
              const [from, to] = uPlot.rangeNum(low, high, 0.08, true);
              return chart.format === "PERCENT" ? [Math.max(from, 0), Math.min(to, 1)] : [from, to];
            },
          },
        },
        axes: [
          {
            ...axis,
            size: 28,
            space: 46,
            incrs: overEpochs ? [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000] : undefined,
            values: (u, splits) => splits.map((v) => digits(v, 6)),
          },
          {
            ...axis,
            size: axisWidth,
            space: 34,
            values: (u, splits) => splits.map(tickWriters[chart.format]),
          },
        ],
        cursor: {
          y: false,
          drag: { x: false, y: false },
          points: { size: 7, fill: (u, i) => u.series[i].css ?? "transparent", stroke: () => "transparent" },
          sync: overEpochs ? { key: "epochs", setSeries: false } : undefined,
        },
        legend: {
          markers: {
            width: 0,
            stroke: "transparent",
          },
        },
        hooks: {
          init: [
            (u) =>
              u.root.querySelectorAll(".u-legend .u-series").forEach((row, i) => {
                const marker = row.querySelector(".u-marker");
                if (!marker) return;
                const { css, border } = u.series[i];
                if (css) marker.style.borderTop = `2.5px ${border} ${css}`;
                else marker.style.display = "none";
              }),
          ],
          drawAxes: chart.histogram.edges.length ? [(u) => drawBars(u, chart.histogram)] : [],
          // Without a cursor the legend shows the last epoch, or the function at 0.
          setLegend: [(u) => u.legend.idx == null && u.setLegend({ idx: last })],
          ready: [(u) => u.setLegend({ idx: last })],
        },
      },
    };
  };

  const nearest = (values, target) =>
    values.reduce((best, v, i) => (Math.abs(v - target) < Math.abs(values[best] - target) ? i : best), 0);

  const tall = (place) => (place.closest(".wide") ? 240 : 180);
  const wide = (place) => Math.max(Math.floor(place.clientWidth), 120);

  const show = (place) => {
    const chart = charts[Number(place.dataset.chart)];
    const { data, settings } = options(chart, wide(place), tall(place));
    place.classList.toggle("many", chart.lines.length > 20);
    plots.push({ place, plot: new uPlot(settings, data, place) });
  };
  const fit = ({ place, plot }) => {
    const width = printing ? printWidth : wide(place);
    if (width !== plot.width) plot.setSize({ width, height: tall(place) });
  };

  document.querySelectorAll(".plot").forEach(show);
  const watch = new ResizeObserver(() => !printing && plots.forEach(fit));
  plots.forEach(({ place }) => watch.observe(place));
  const redraw = () =>
    plots.forEach((entry) => {
      fit(entry);
      entry.plot.redraw();
    });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);

  // Two bytes a value, in steps between the least and the greatest: see Frames.
  const unpacked = ({ low, high, values }, points) => {
    const bytes = Uint8Array.from(atob(values), (c) => c.charCodeAt(0));
    const view = new DataView(bytes.buffer);
    return Array.from({ length: bytes.length / 2 / points }, (_, frame) =>
      Array.from({ length: points }, (_, i) => {
        const step = view.getUint16(2 * (frame * points + i), true);
        return step === 0xffff ? null : low + ((high - low) * step) / 0xfffe;
      }),
    );
  };

  // A slider over the epochs: all charts of its section show the epoch that it is at.
  document.querySelectorAll(".player").forEach((player) => {
    const slider = player.querySelector("input");
    const button = player.querySelector("button");
    const told = player.querySelector("output");
    const epochs = slider.dataset.epochs.split(" ");
    const last = epochs.length - 1;
    const moving = plots
      .filter(({ place }) => player.contains(place))
      .map(({ place, plot }) => {
        const { x, lines, frames } = charts[Number(place.dataset.chart)];
        return { plot, x, rest: lines.slice(1).map((line) => line.values), frames: unpacked(frames, x.length) };
      });
    const seek = () => {
      const at = Number(slider.value);
      told.textContent = "epoch " + epochs[at];
      slider.setAttribute("aria-valuetext", told.textContent);
      moving.forEach(({ plot, x, rest, frames }) =>
        plot.setData([x, frames[Math.min(at, frames.length - 1)], ...rest]),
      );
    };
    let timer = 0;
    const stop = () => {
      clearInterval(timer);
      timer = 0;
      button.textContent = "Play";
    };
    const advance = () => {
      if (Number(slider.value) >= last) return stop();
      slider.value = Number(slider.value) + 1;
      seek();
    };
    button.addEventListener("click", () => {
      if (timer) return stop();
      if (Number(slider.value) >= last) slider.value = 0;
      seek();
      button.textContent = "Pause";
      timer = setInterval(advance, Math.min(Math.max(4000 / epochs.length, 60), 500));
    });
    slider.addEventListener("input", () => {
      stop();
      seek();
    });
    seek();
  });

  const folded = [];
  addEventListener("beforeprint", () => {
    printing = true;
    document.documentElement.dataset.paper = "";
    document.querySelectorAll("details:not([open])").forEach((details) => {
      details.open = true;
      folded.push(details);
    });
    redraw();
  });
  addEventListener("afterprint", () => {
    printing = false;
    delete document.documentElement.dataset.paper;
    folded.splice(0).forEach((details) => (details.open = false));
    redraw();
  });
})();
