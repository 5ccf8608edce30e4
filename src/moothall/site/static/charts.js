// Charts that can be pointed at and walked with the arrow keys. Without this every page says the same in words.
//
// A chart is an svg of class "mh-chart"; its marks have the class "mh-mark", a <title> with the name and the value as
// their first child, and in "data-code" what has to stand behind the chart's "data-address" to lead somewhere.
{
  const HINT = "The arrow keys go from mark to mark.";
  const NEAR = 32; // pixels from the middle of a mark within which it is meant
  const tooltip = document.createElement("div");
  tooltip.className = "mh-tooltip";
  tooltip.setAttribute("role", "status");
  (document.querySelector("main") ?? document.body).append(tooltip);

  let shown = null; // { chart, mark } whose name the tooltip gives
  let pointer = ""; // the kind of the pointer last used

  const close = () => {
    shown?.mark.classList.remove("mh-mark--active");
    shown?.chart.svg.classList.remove("mh-chart--leads");
    shown = null;
    tooltip.textContent = "";
    tooltip.style.left = tooltip.style.top = "";
  };

  const place = (x, y) => {
    const { width, height } = tooltip.getBoundingClientRect();
    const left = Math.max(4, Math.min(x - width / 2, document.documentElement.clientWidth - width - 4));
    const top = y - height - 14 < 0 ? y + 14 : y - height - 14;
    tooltip.style.left = `${left + scrollX}px`;
    tooltip.style.top = `${top + scrollY}px`;
  };

  const middle = (mark) => {
    const box = mark.getBoundingClientRect();
    return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
  };

  const show = (chart, mark, at = middle(mark)) => {
    if (shown?.mark !== mark) {
      close();
      shown = { chart, mark };
      mark.classList.add("mh-mark--active");
      chart.svg.classList.toggle("mh-chart--leads", Boolean(find(chart, mark)));
      tooltip.textContent = chart.names.get(mark);
    }
    place(at.x, at.y);
  };

  const find = (chart, mark) => {
    const { address } = chart.svg.dataset;
    return address && mark.dataset.code ? address + mark.dataset.code : "";
  };

  const follow = () => {
    const address = shown && find(shown.chart, shown.mark);
    if (address) location.assign(address);
  };

  // The browser's own tooltips would stand beside ours: the names are taken over when the chart is first used.
  const read = (chart) => {
    if (chart.marks.length) return;
    const { svg } = chart;
    const isMap = svg.classList.contains("mh-map");
    chart.isMap = isMap;
    const marks = [...svg.querySelectorAll(".mh-mark")];
    const across = new Map(marks.map((mark) => [mark, middle(mark).x]));
    for (const mark of marks) {
      const title = mark.querySelector("title");
      chart.names.set(mark, title?.textContent ?? "");
      title?.remove();
    }
    const title = svg.querySelector(":scope > title");
    if (title) {
      const same = document.createElementNS(svg.namespaceURI, "desc");
      same.id = title.id;
      same.textContent = title.textContent;
      title.replaceWith(same);
    }
    const byName = (a, b) => chart.names.get(a).localeCompare(chart.names.get(b), "en-GB");
    chart.marks = marks.sort((a, b) => (isMap ? 0 : Math.round(across.get(a) - across.get(b))) || byName(a, b));
  };

  const nearest = (chart, event) => {
    const under = event.target.closest(".mh-mark");
    if (under || chart.isMap) return under;
    let best = null;
    let least = NEAR ** 2;
    for (const mark of chart.marks) {
      const { x, y } = middle(mark);
      const far = (x - event.clientX) ** 2 + (y - event.clientY) ** 2;
      if (far < least) [best, least] = [mark, far];
    }
    return best;
  };

  const point = (chart, event) => {
    read(chart);
    const mark = nearest(chart, event);
    if (!mark) return close();
    show(chart, mark, chart.isMap ? { x: event.clientX, y: event.clientY } : undefined);
  };

  const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity };

  const press = (chart, event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter") return follow();
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    read(chart);
    const last = chart.marks.length - 1;
    const now = shown?.chart === chart ? chart.marks.indexOf(shown.mark) : step > 0 ? -1 : last + 1;
    show(chart, chart.marks[Math.max(0, Math.min(last, now + step))]);
  };

  for (const svg of document.querySelectorAll("svg.mh-chart")) {
    if (!svg.querySelector(".mh-mark")) continue;
    const chart = { svg, marks: [], names: new Map(), isMap: false };
    svg.classList.add("mh-chart--read");
    svg.tabIndex = 0;
    svg.setAttribute("aria-description", svg.dataset.address ? `${HINT} Enter opens one.` : HINT);
    svg.addEventListener("pointermove", (event) => event.pointerType !== "touch" && point(chart, event));
    svg.addEventListener("pointerdown", (event) => (pointer = event.pointerType));
    svg.addEventListener("pointerleave", (event) => event.pointerType !== "touch" && close());
    svg.addEventListener("keydown", (event) => press(chart, event));
    svg.addEventListener("blur", close);
    svg.addEventListener("focus", () => {
      if (shown || !svg.matches(":focus-visible")) return;
      const box = svg.getBoundingClientRect();
      tooltip.textContent = HINT;
      place(box.left + box.width / 2, box.top);
    });
    svg.addEventListener("click", (event) => {
      const before = shown?.mark;
      point(chart, event);
      // A finger covers what it touches: the first touch names the mark, the second goes where it leads.
      if (pointer !== "touch" || before === shown?.mark) follow();
    });
  }

  addEventListener("keydown", (event) => event.key === "Escape" && close());
}
