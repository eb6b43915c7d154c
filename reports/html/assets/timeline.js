// Adds to the timelines what print cannot have: a read-out, zoom and keys. Every figure is complete without it.
for (const chart of document.querySelectorAll('.timeline:not(.still)')) {
  const plot = chart.querySelector('.plot');
  const labels = chart.querySelector('.labels');
  const panel = chart.parentElement;
  const readout = panel.querySelector('.readout');
  const { events, failures } = JSON.parse(panel.querySelector('.timeline-data').textContent);
  const from = Number(chart.dataset.from);
  const to = Number(chart.dataset.to);
  const help = 'Hover: time and nearest event. Drag: zoom. Double-click: all. Keys: ← → events, + − zoom, 0 all.';
  const crosshair = overlay('crosshair');
  const selection = overlay('selection');
  const patterns = ownPatterns();
  let zoom = 1;
  let current = -1;
  let dragFrom;

  readout.textContent = help;

  function overlay(name) {
    const element = document.createElement('div');
    element.className = name;
    element.hidden = true;
    chart.append(element);
    return element;
  }

  /** Copies of the page’s patterns, so that those of a stretched chart can be scaled back. */
  function ownPatterns() {
    return [...document.querySelectorAll('body > svg pattern')].map((pattern) => {
      const copy = pattern.cloneNode(true);
      copy.id = `${pattern.id}-${panel.dataset.for}`;
      plot.append(copy);
      plot.style.setProperty(`--${pattern.id}`, `url(#${copy.id})`);
      return copy;
    });
  }

  const seconds = (micros, decimals) => {
    const text = (Math.abs(micros) / 1e6).toFixed(decimals);
    return Number(text) === 0 ? text : (micros < 0 ? '−' : '+') + text;
  };
  const labelWidth = () => labels.getBoundingClientRect().width;
  const plotWidth = () => plot.getBoundingClientRect().width;
  /** The position of a time within the scrolled content, and the time under a pointer. */
  const left = (at) => labelWidth() + ((at - from) / (to - from)) * plotWidth();
  const moment = (clientX) => from + ((clientX - plot.getBoundingClientRect().left) / plotWidth()) * (to - from);
  const clamped = (at) => Math.min(Math.max(at, from), to);

  function nearest(at) {
    let best = -1;
    for (const [index, [when]] of events.entries()) {
      if (best === -1 || Math.abs(when - at) < Math.abs(events[best][0] - at)) best = index;
    }
    return best;
  }

  function failedNear(at) {
    const byCause = new Map();
    for (const [when, cause] of failures) {
      if (Math.abs(when - at) <= 250_000) byCause.set(cause, (byCause.get(cause) ?? 0) + 1);
    }
    return [...byCause].map(([cause, many]) => `${many} ${cause}`).join(', ');
  }

  /** Isolates text, so that its direction changes nothing around it. */
  function isolated(text) {
    const element = document.createElement('bdi');
    element.textContent = text;
    return element;
  }

  function show(at, index) {
    crosshair.hidden = false;
    crosshair.style.left = `${left(at)}px`;
    const parts = [`${seconds(at, 3)} s · `];
    if (events[index]) {
      const [when, name, words] = events[index];
      parts.push(isolated(name), ` ${words} at ${seconds(when, 3)} s · `);
    }
    const failed = failedNear(at);
    if (failed) parts.push('failed within 0.25 s: ', isolated(failed));
    else parts.push('no failure within 0.25 s');
    readout.replaceChildren(...parts);
  }

  function setZoom(next, around) {
    const before = left(around) - chart.scrollLeft;
    zoom = Math.min(Math.max(next, 1), 60);
    chart.style.setProperty('--zoom', zoom);
    for (const pattern of patterns) pattern.setAttribute('patternTransform', `scale(${1 / zoom} 1)`);
    chart.classList.toggle('near', zoom > 3);
    chart.scrollLeft = left(around) - before;
    if (!crosshair.hidden && events[current]) crosshair.style.left = `${left(events[current][0])}px`;
  }

  function reset() {
    setZoom(1, 0);
    crosshair.hidden = true;
    current = -1;
    readout.textContent = help;
  }

  function zoomTo(start, end) {
    const room = chart.clientWidth - labelWidth();
    const [first, last] = start < end ? [start, end] : [end, start];
    setZoom(((room / (last - first)) * (to - from)) / (plotWidth() / zoom), first);
    chart.scrollLeft = left(first) - labelWidth();
  }

  function step(by) {
    if (events.length === 0) return;
    current = Math.min(Math.max(current === -1 ? nearest(0) : current + by, 0), events.length - 1);
    const [at] = events[current];
    show(at, current);
    const place = left(at) - chart.scrollLeft;
    if (place < labelWidth() || place > chart.clientWidth) {
      chart.scrollLeft = left(at) - (chart.clientWidth + labelWidth()) / 2;
    }
  }

  const keys = {
    ArrowLeft: () => step(-1),
    ArrowRight: () => step(1),
    '+': () => setZoom(zoom * 1.5, events[current]?.[0] ?? 0),
    '=': () => setZoom(zoom * 1.5, events[current]?.[0] ?? 0),
    '-': () => setZoom(zoom / 1.5, events[current]?.[0] ?? 0),
    0: reset,
    Escape: reset,
  };
  chart.addEventListener('keydown', (event) => {
    const act = keys[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  });

  plot.addEventListener('pointermove', (event) => {
    const at = clamped(moment(event.clientX));
    current = nearest(at);
    show(at, current);
    if (dragFrom === undefined) return;
    selection.hidden = false;
    selection.style.left = `${Math.min(left(dragFrom), left(at))}px`;
    selection.style.width = `${Math.abs(left(at) - left(dragFrom))}px`;
  });
  plot.addEventListener('pointerleave', () => {
    if (dragFrom !== undefined) return;
    crosshair.hidden = true;
    readout.textContent = help;
  });
  plot.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || event.pointerType === 'touch') return;
    dragFrom = clamped(moment(event.clientX));
    plot.setPointerCapture(event.pointerId);
  });
  plot.addEventListener('pointerup', (event) => {
    if (dragFrom === undefined) return;
    const end = clamped(moment(event.clientX));
    if (Math.abs(left(end) - left(dragFrom)) > 6) zoomTo(dragFrom, end);
    dragFrom = undefined;
    selection.hidden = true;
  });
  plot.addEventListener('pointercancel', () => {
    dragFrom = undefined;
    selection.hidden = true;
  });
  plot.addEventListener('dblclick', reset);

  // A phone cannot show the whole axis, so start at the fault.
  if (chart.scrollWidth > chart.clientWidth) chart.scrollLeft = left(0) - labelWidth() - 24;
}
for (const chart of document.querySelectorAll('.still')) {
  const plot = chart.querySelector('.plot').getBoundingClientRect().width;
  if (chart.scrollWidth > chart.clientWidth) chart.scrollLeft = plot * Number(chart.dataset.zero) - 120;
}
