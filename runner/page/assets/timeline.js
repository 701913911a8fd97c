// A timeline draws lanes over time on a canvas, and puts the marks of facts (marks.js) on it.
const laneHeight = 26, headHeight = 22, axisHeight = 24;
const timelines = new Set(); // that are shown, to be drawn again in other colours

class Timeline {
  constructor(data, scenario, onselect) {
    this.data = data;
    this.onselect = onselect;
    this.hidden = new Set();
    const steps = (scenario.steps || []).filter((s) => s.began_ns !== undefined)
      .map((s) => ({from: s.began_ns / 1e3, to: (s.began_ns + s.duration_ns) / 1e3, status: s.status, text: s.keyword + ' ' + s.text}));
    const {lanes, left} = lanesOf(data, steps);
    this.lanes = lanes;
    this.lanesLeft = left;
    let last = 1;
    for (const f of data.facts) last = Math.max(last, f.at);
    for (const s of steps) last = Math.max(last, s.to);
    this.full = [0, last * 1.02];
    this.failed = steps.find((s) => s.status === 'failed' || s.status === 'inconclusive');
    // What comes behind the failed step is how the applications were ended. Much of the step may be waiting in vain.
    const before = this.failed ? data.facts.filter((f) => f.at < this.failed.to && styleOf(f) !== 'log') : data.facts;
    const busy = before.length ? before[before.length - 1].at : last;
    this.view = busy < last / 2 ? [0, busy * 1.1 + 1000] : [...this.full];
    this.span = this.view[1];
    this.quietFrom = this.view[1] < this.full[1] ? busy : 0;
    this.quietTo = this.quietFrom && (data.facts.find((f) => f.at > busy && styleOf(f) !== 'log') || {at: last}).at;
    this.related = new Set();
    this.element();
  }

  element() {
    this.labels = el('div', {class: 'lanes', 'aria-hidden': 'true'}, el('div', {style: ''}, ''));
    this.labels.firstChild.style.height = axisHeight + 'px';
    let y = axisHeight;
    for (const lane of this.lanes) {
      lane.y = y;
      lane.height = lane.head ? headHeight : laneHeight;
      y += lane.height;
      this.labels.append(el('div', {class: lane.head ? 'head' : '', title: lane.name}, lane.head || lane.name));
    }
    this.height = y + (this.quietFrom ? 16 : 4);
    this.canvas = el('canvas', {tabindex: '0', role: 'application', 'aria-label':
      'Timeline of ' + count(this.data.facts.length, 'fact') + '. Left and right arrows select facts, plus and minus zoom, 0 shows all.'});
    this.box = el('div', {class: 'line'}, this.labels, this.canvas);
    this.hover = el('span', {class: 'quiet'}, '');
    this.tools = el('div', {class: 'tools'},
      el('button', {type: 'button', onclick: () => this.zoom(0.5), title: 'zoom in (+)'}, '+'),
      el('button', {type: 'button', onclick: () => this.zoom(2), title: 'zoom out (-)'}, '−'),
      el('button', {type: 'button', onclick: () => this.pan(-0.4), title: 'earlier'}, '◀'),
      el('button', {type: 'button', onclick: () => this.pan(0.4), title: 'later'}, '▶'),
      el('button', {type: 'button', onclick: () => this.show(...this.full), title: 'all of it (0)'}, 'all'),
      this.failed && el('button', {type: 'button', onclick: () => this.around(this.failed.to)}, 'the failed step'),
      this.hover);
    this.listen();
    new ResizeObserver(() => this.redraw()).observe(this.canvas.parentElement);
    timelines.add(this);
  }

  legend() {
    const used = new Set(this.data.facts.map(styleOf));
    return el('div', {class: 'tools legend'}, 'shown:', Object.keys(styles).filter((s) => used.has(s)).map((s) => {
      const dot = el('span', {'aria-hidden': 'true'}, '● ');
      dot.style.color = this.colour(s);
      const button = el('button', {type: 'button', 'aria-pressed': 'true', onclick: () => {
        this.hidden.has(s) ? this.hidden.delete(s) : this.hidden.add(s);
        button.setAttribute('aria-pressed', String(!this.hidden.has(s)));
        this.redraw();
      }}, dot, styles[s].label);
      return button;
    }));
  }

  listen() {
    const c = this.canvas, pointers = new Map();
    let moved = 0, spread = 0;
    const x = (e) => e.clientX - c.getBoundingClientRect().left;
    c.addEventListener('wheel', (e) => {
      if (e.ctrlKey || e.metaKey || e.altKey) {
        e.preventDefault();
        this.zoom(Math.exp(e.deltaY / 300), x(e));
      } else if (e.shiftKey || Math.abs(e.deltaX) > Math.abs(e.deltaY)) {
        e.preventDefault();
        this.pan((e.deltaX || e.deltaY) / c.clientWidth);
      }
    }, {passive: false});
    c.addEventListener('pointerdown', (e) => {
      pointers.set(e.pointerId, e);
      moved = 0;
      spread = 0;
      try { c.setPointerCapture(e.pointerId); } catch { /* the pointer is gone already */ }
    });
    c.addEventListener('pointermove', (e) => {
      const before = pointers.get(e.pointerId);
      if (!before) {
        const f = this.at(e);
        this.hover.textContent = f ? clean(moment(f.at) + ' ' + f.kind + ' ' + (f.app || f.source) + ' ' + place(f)) :
          'drag to move, Ctrl and wheel to zoom';
        return;
      }
      pointers.set(e.pointerId, e);
      if (pointers.size === 1) {
        moved += Math.abs(e.clientX - before.clientX) + Math.abs(e.clientY - before.clientY);
        if (moved > 3) this.pan((before.clientX - e.clientX) / c.clientWidth);
      } else {
        const [a, b] = [...pointers.values()], now = Math.abs(a.clientX - b.clientX) + 1;
        if (spread) this.zoom(spread / now, (x(a) + x(b)) / 2);
        spread = now;
        moved = 99;
      }
    });
    const up = (e) => {
      if (pointers.delete(e.pointerId) && moved <= 3 && e.type === 'pointerup') {
        const f = this.at(e);
        if (f) this.onselect(f);
      }
    };
    c.addEventListener('pointerup', up);
    c.addEventListener('pointercancel', up);
    c.addEventListener('dblclick', (e) => this.zoom(0.4, x(e)));
    c.addEventListener('keydown', (e) => {
      const does = {ArrowRight: () => this.step(1, e.shiftKey), ArrowLeft: () => this.step(-1, e.shiftKey), '+': () => this.zoom(0.5),
        '=': () => this.zoom(0.5), '-': () => this.zoom(2), 0: () => this.show(...this.full), PageDown: () => this.pan(0.5),
        PageUp: () => this.pan(-0.5)}[e.key];
      if (does && !e.ctrlKey && !e.metaKey && !e.altKey) {
        e.preventDefault();
        does();
      }
    });
  }

  // step selects the next fact that is shown, or with same only of its application or partition.
  step(by, same) {
    const facts = this.data.facts;
    let i = this.selected ? this.selected.i : facts.findIndex((f) => f.at >= this.view[0]) - (by > 0 ? 1 : -1);
    for (i += by; facts[i]; i += by) {
      const f = facts[i], s = this.selected;
      if (this.hidden.has(styleOf(f))) continue;
      if (same && s && !(f.app === s.app && f.topic === s.topic && f.partition === s.partition)) continue;
      this.onselect(f);
      return;
    }
  }

  select(fact, related) {
    this.selected = fact;
    this.related = related || new Set();
    if (fact && (fact.at < this.view[0] || fact.at > this.view[1])) this.around(fact.at, this.view[1] - this.view[0]);
    this.redraw();
  }

  around(at, width) {
    const w = width || Math.min(this.full[1], 1e6);
    this.show(at - w / 2, at + w / 2);
  }

  show(from, to) {
    this.span = Math.min(Math.max(to - from, 200), this.full[1] - this.full[0]);
    this.move(from + (to - from - this.span) / 2);
  }

  // move keeps how much is in view: its marks are drawn already.
  move(from) {
    const start = Math.min(Math.max(from, this.full[0]), this.full[1] - this.span);
    this.view = [start, start + this.span];
    this.redraw();
  }

  zoom(by, x) {
    const [from, to] = this.view, w = this.canvas.clientWidth || 1;
    const middle = x === undefined ? (this.selected && this.selected.at > from && this.selected.at < to ? this.selected.at :
      (from + to) / 2) : from + (to - from) * x / w;
    this.show(middle - (middle - from) * by, middle + (to - middle) * by);
  }

  pan(by) { this.move(this.view[0] + by * this.span); }

  // at is the fact nearest to a pointer, in its lane.
  at(e) {
    const box = this.canvas.getBoundingClientRect(), y = e.clientY - box.top, x = e.clientX - box.left;
    const lane = this.lanes.find((l) => !l.head && y >= l.y && y < l.y + l.height);
    if (!lane) return null;
    let best = null, near = 9;
    for (const f of lane.facts) {
      const d = Math.abs(this.x(f.at) - x);
      if (d < near && !this.hidden.has(styleOf(f))) [best, near] = [f, d];
    }
    return best;
  }

  x(at) { return (at - this.view[0]) / (this.view[1] - this.view[0]) * this.width; }

  colour(style) { return styles[style][isDark() ? 'dark' : 'light']; }

  // ties are the lines from faults to what they struck: the first lane in which that stands.
  ties() {
    if (this.tied) return this.tied;
    const lanes = this.lanes.filter((l) => !l.head), faults = lanes.find((l) => l.name === 'faults'), laneOf = new Map();
    for (const lane of lanes) {
      if (lane !== faults) for (const f of lane.facts) if (!laneOf.has(f)) laneOf.set(f, lane);
    }
    this.tied = (faults ? faults.facts : []).flatMap((fault) => struck(this.data, fault).filter((f) => laneOf.has(f))
      .map((f) => ({fault, from: faults, f, to: laneOf.get(f)})));
    return this.tied;
  }

  // colours of all styles, asked for once a frame.
  palette() {
    const theme = isDark() ? 'dark' : 'light';
    return Object.fromEntries(Object.entries(styles).map(([style, of]) => [style, of[theme]]));
  }

  redraw() {
    if (this.pending) return;
    this.pending = requestAnimationFrame(() => {
      this.pending = 0;
      this.draw();
    });
  }

  draw() {
    const ratio = window.devicePixelRatio || 1, c = this.canvas;
    this.width = Math.max(c.parentElement.clientWidth - this.labels.offsetWidth, 120);
    if (c.width !== Math.round(this.width * ratio) || c.height !== Math.round(this.height * ratio)) {
      c.width = Math.round(this.width * ratio);
      c.height = Math.round(this.height * ratio);
      c.style.width = this.width + 'px';
      c.style.height = this.height + 'px';
    }
    const g = c.getContext('2d'), css = getComputedStyle(document.documentElement);
    const value = (name) => css.getPropertyValue(name).trim();
    this.theme = {back: value('--back'), line: value('--line'), text: value('--text'), quiet: value('--quiet'),
      failed: value('--failed'), passed: value('--passed'), raised: value('--raised'), link: value('--link'), doubt: value('--doubt')};
    this.colours = this.palette();
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    g.fillStyle = this.theme.back;
    g.fillRect(0, 0, this.width, this.height);
    g.font = '11px system-ui, sans-serif';
    drawAxis(this, g);
    for (const lane of this.lanes) {
      if (lane.head) {
        g.fillStyle = this.theme.raised;
        g.fillRect(0, lane.y, this.width, lane.height);
      } else drawLane(this, g, lane);
    }
    this.marks = this.marks || new Marks(this);
    this.marks.draw(g, ratio);
    drawTies(this, g);
    if (!this.drawn) performance.mark('drawn');
    this.drawn = (this.drawn || 0) + 1;
  }
}

function drawAxis(t, g) {
  const [from, to] = t.view, rough = (to - from) / Math.max(t.width / 90, 2);
  const power = Math.pow(10, Math.floor(Math.log10(rough)));
  const unit = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough);
  for (let at = Math.ceil(from / unit) * unit; at <= to; at += unit) {
    const x = Math.round(t.x(at)) + 0.5;
    g.strokeStyle = t.theme.line;
    g.globalAlpha = 0.6;
    g.beginPath();
    g.moveTo(x, axisHeight - 5);
    g.lineTo(x, t.height);
    g.stroke();
    g.globalAlpha = 1;
    g.fillStyle = t.theme.quiet;
    if (x + 44 < t.width) g.fillText(unit >= 1e6 ? at / 1e6 + ' s' : unit >= 1e3 ? (at / 1e3).toFixed(0) + ' ms' : (at / 1e3).toFixed(unit < 100 ? 2 : 1) + ' ms', x + 3, 14);
  }
  if (t.quietFrom && t.view[1] < t.full[1]) {
    g.fillStyle = t.theme.failed;
    g.textAlign = 'right';
    if (t.quietFrom < t.view[1]) g.fillText('nothing more until ' + moment(t.quietTo) + ' →', t.width - 4, t.height - 3);
    g.textAlign = 'left';
  }
}

const barColours = {starting: 'quiet', running: 'passed', paused: 'doubt'};

function drawLane(t, g, lane) {
  g.strokeStyle = t.theme.line;
  g.globalAlpha = 0.5;
  g.beginPath();
  g.moveTo(0, lane.y + lane.height - 0.5);
  g.lineTo(t.width, lane.y + lane.height - 0.5);
  g.stroke();
  g.globalAlpha = 1;
  lane.labelled = 0;
  for (const s of lane.steps || []) {
    box(t, g, lane, s.from, s.to, lane.y + 5, lane.height - 10, {passed: t.theme.passed, failed: t.theme.failed}[s.status] || t.theme.doubt, 0.35, s.text);
  }
  for (const b of lane.bars) {
    const end = b.to < 0 ? t.full[1] : b.to;
    if (b.what === 0) box(t, g, lane, b.from, end, lane.y + 3, lane.height - 6, t.theme[barColours[b.state]] || t.theme.quiet, b.state === 'running' ? 0.18 : 0.3, b.state === 'running' ? '' : b.state);
    if (b.what === 1) box(t, g, lane, b.from, end, lane.y + 3, lane.height - 6, ownerColour(t, b.app), 0.28, b.app);
    if (b.what === 3) box(t, g, lane, b.from, end, lane.y + 3, lane.height - 6, t.theme.failed, 0.25, b.state);
    if (b.what === 2) bracket(t, g, b.from, end, lane.y + lane.height - 4, b.state === 'committed' ? t.colours.transaction : t.theme.failed, b.to < 0);
  }
  drawCurves(t, g, lane);
}

function ownerColour(t, app) {
  t.owners = t.owners || new Map();
  if (!t.owners.has(app)) t.owners.set(app, owners[t.owners.size % owners.length]);
  return t.owners.get(app);
}

function box(t, g, lane, from, to, y, height, colour, alpha, label) {
  const left = Math.max(t.x(from), -2), right = Math.min(t.x(to), t.width + 2);
  if (right < 0 || left > t.width) return;
  const width = Math.max(right - left, 1);
  g.fillStyle = colour;
  g.globalAlpha = alpha;
  g.fillRect(left, y, width, height);
  g.globalAlpha = 1;
  g.fillRect(left, y, 1, height);
  if (!label || width <= 34) return;
  const text = short(clean(label), Math.floor(width / 6.2)), wide = text.length * 6.2;
  const behind = lane.labelled > left ? lane.labelled + 6 : 0; // another bar's, which this one lies over
  const at = free(t, lane, Math.max(left + 4, 4, behind), Math.min(right, t.width), wide);
  lane.labelled = at + wide;
  g.fillStyle = t.theme.text;
  g.fillText(text, at, y + height / 2 + 4);
}

// free is where a text of a width has room between two pixels without a mark on it; where it has none, it begins at the
// left of them all the same.
function free(t, lane, left, right, width) {
  let at = left;
  for (let i = firstAt(lane.facts, t.view[0] + (left - 8) / t.width * t.span); i < lane.facts.length; i++) {
    const x = t.x(lane.facts[i].at);
    if (t.hidden.has(lane.facts[i].style)) continue;
    if (x - 8 >= at + width) break;
    at = x + 9;
    if (at + width > right) return left;
  }
  return at;
}

function bracket(t, g, from, to, y, colour, open) {
  const left = t.x(from), right = t.x(to);
  if (right < 0 || left > t.width) return;
  g.strokeStyle = colour;
  g.lineWidth = 2;
  g.setLineDash(open ? [4, 3] : []);
  g.beginPath();
  g.moveTo(left, y - 5);
  g.lineTo(left, y);
  g.lineTo(Math.max(right, left + 2), y);
  if (!open) g.lineTo(Math.max(right, left + 2), y - 5);
  g.stroke();
  g.setLineDash([]);
  g.lineWidth = 1;
}

// drawCurves draws how the end of the log grows, and what was committed: what is between them is the lag.
function drawCurves(t, g, lane) {
  let most = 1;
  for (const c of lane.curves) for (let i = 1; i < c.points.length; i += 2) most = Math.max(most, c.points[i]);
  for (const c of lane.curves) {
    g.strokeStyle = c.what ? t.colours.commit : t.colours.write;
    g.globalAlpha = 0.8;
    g.beginPath();
    const y = (offset) => lane.y + lane.height - 3 - offset / most * (lane.height - 6);
    let first = 0;
    while (first + 2 < c.points.length && c.points[first + 2] < t.view[0]) first += 2;
    for (let i = first; i < c.points.length && (i < 2 || c.points[i - 2] <= t.view[1]); i += 2) {
      const x = t.x(c.points[i]);
      if (i === first) g.moveTo(x, y(c.points[i + 1]));
      else {
        g.lineTo(x, y(c.points[i - 1]));
        g.lineTo(x, y(c.points[i + 1]));
      }
    }
    if (c.points.length) g.lineTo(t.width, y(c.points[c.points.length - 1]));
    g.stroke();
    g.globalAlpha = 1;
  }
}

// drawTies draws the moment of the failure, what faults struck, and what is selected.
function drawTies(t, g) {
  if (t.failed) {
    g.strokeStyle = t.theme.failed;
    g.setLineDash([5, 4]);
    line(g, t.x(t.failed.to), axisHeight - 8, t.x(t.failed.to), t.height);
    g.setLineDash([]);
  }
  for (const {fault, from, f, to} of t.ties()) {
    const x = t.x(fault.at), end = t.x(f.at);
    if (Math.max(x, end) < 0 || Math.min(x, end) > t.width) continue;
    g.strokeStyle = t.theme.failed;
    g.globalAlpha = 0.7;
    line(g, x, from.y + from.height / 2, end, to.y + to.height / 2);
    g.globalAlpha = 1;
  }
  const s = t.selected;
  if (!s) return;
  g.strokeStyle = t.theme.link;
  line(g, t.x(s.at), axisHeight - 8, t.x(s.at), t.height);
  for (const lane of t.lanes) {
    if (lane.head || !lane.facts.length) continue;
    for (const f of lane.facts) {
      if (f !== s && !t.related.has(f)) continue;
      g.lineWidth = f === s ? 2.5 : 1.5;
      g.strokeStyle = f === s ? t.theme.link : t.theme.text;
      g.beginPath();
      g.arc(t.x(f.at), lane.y + lane.height / 2, 9, 0, 7);
      g.stroke();
      g.lineWidth = 1;
    }
  }
}

function line(g, x1, y1, x2, y2) {
  g.beginPath();
  g.moveTo(Math.round(x1) + 0.5, y1);
  g.lineTo(Math.round(x2) + 0.5, y2);
  g.stroke();
}
