// Marks are the facts of all lanes. They are drawn once, on tiles as wide as a finger, and put on the canvas from there:
// whoever pans sees tiles that are there already, and a new one now and then.
const tileWidth = 128, markRoom = 10; // pixels that a mark takes to each side

class Marks {
  constructor(timeline) {
    this.timeline = timeline;
    this.tiles = new Map(); // by number, the one that was used last at the end
    this.made = 0;
  }

  draw(g, ratio) {
    const t = this.timeline, scale = t.width / t.span;
    const like = [scale, t.height, ratio, ...Object.values(t.colours), t.theme.failed, ...t.hidden].join();
    if (this.like !== like) this.tiles.clear();
    this.like = like;
    this.width = Math.round(tileWidth * ratio) / ratio;
    const left = Math.round(t.view[0] * scale);
    for (let n = Math.floor(left / this.width); n * this.width < left + t.width; n++) {
      g.drawImage(this.tile(n, scale, ratio), n * this.width - left, 0, this.width, t.height);
    }
  }

  tile(n, scale, ratio) {
    const c = this.tiles.get(n) || this.make(n, scale, ratio);
    this.tiles.delete(n);
    this.tiles.set(n, c);
    if (this.tiles.size > 2 * this.timeline.width / this.width + 4) this.tiles.delete(this.tiles.keys().next().value);
    return c;
  }

  make(n, scale, ratio) {
    const t = this.timeline, c = document.createElement('canvas'), g = c.getContext('2d');
    c.width = Math.round(this.width * ratio);
    c.height = Math.round(t.height * ratio);
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    for (const lane of t.lanes) if (!lane.head) drawMarks(t, g, lane, n * this.width, this.width, scale);
    this.made++;
    return c;
  }
}

// firstAt is the number of the first fact that is not before a moment, by halving: facts are in the order of time.
function firstAt(facts, moment) {
  let low = 0, high = facts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (facts[middle].at < moment) low = middle + 1; else high = middle;
  }
  return low;
}

// drawMarks draws the facts of a lane that stand between two pixels, counted from the beginning of time. Of facts of a
// style that fall on one pixel only one is drawn.
function drawMarks(t, g, lane, left, width, scale) {
  const facts = lane.facts, last = {}, y = lane.y + lane.height / 2, from = (left - markRoom) / scale, to = (left + width + markRoom) / scale;
  for (let i = firstAt(facts, from); i < facts.length && facts[i].at <= to; i++) {
    const f = facts[i], x = Math.round(f.at * scale) - left;
    if (t.hidden.has(f.style) || last[f.style] === x && !f.error) continue;
    last[f.style] = x;
    g.fillStyle = f.wrong ? t.theme.failed : t.colours[f.style];
    g.beginPath();
    shapes[styles[f.style].shape](g, x, y);
    g.fill();
  }
}

// shapes add a mark to a path.
const polygon = (...points) => (g, x, y) => points.forEach(([dx, dy], i) => i ? g.lineTo(x + dx, y + dy) : g.moveTo(x + dx, y + dy));
const shapes = {
  dot: (g, x, y) => { g.moveTo(x + 3, y); g.arc(x, y, 3, 0, 7); },
  tick: (g, x, y) => g.rect(x - 0.5, y - 5, 1.2, 10),
  bar: (g, x, y) => g.rect(x - 1, y - 7, 2.5, 14),
  up: polygon([0, -5], [4.5, 4], [-4.5, 4]),
  diamond: polygon([0, -6], [5, 0], [0, 6], [-5, 0]),
  triangle: polygon([0, 5], [5, -5], [-5, -5]),
  flag: polygon([-1, -9], [7, -9], [7, -2], [1, -2], [1, 9], [-1, 9]),
  cross: polygon([-4.2, -5.6], [0, -1.4], [4.2, -5.6], [5.6, -4.2], [1.4, 0], [5.6, 4.2], [4.2, 5.6], [0, 1.4], [-4.2, 5.6], [-5.6, 4.2], [-1.4, 0], [-5.6, -4.2]),
  frame: (g, x, y) => { g.rect(x - 5, y - 6, 10, 2); g.rect(x - 5, y - 6, 2, 12); g.rect(x + 3, y - 6, 2, 12); g.rect(x - 5, y + 4, 10, 2); },
  bolt: polygon([2, -9], [-5, 2], [-1, 2], [-2, 9], [5, -2], [1, -2]),
};
