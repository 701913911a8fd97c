// Marks are the facts of all lanes. They are drawn once, on tiles as wide as a finger, and put on the canvas from there:
// whoever pans sees tiles that are there already, and a new one now and then. Of many marks not all can be drawn anew in
// each frame of a zoom: while that lasts, tiles of the nearest power of two are stretched.
const tileWidth = 128, markRoom = 10; // pixels that a mark takes to each side
const manyMarks = 2000, zoomRests = 150, tileTime = 5; // milliseconds: a zoom is over, a frame makes no more tiles

class Marks {
  constructor(timeline) {
    this.timeline = timeline;
    this.tiles = new Map(); // by scale and number, the one that was used last at the end
    this.made = 0;
    this.many = timeline.lanes.reduce((n, l) => n + (l.head ? 0 : l.facts.length), 0) > manyMarks;
  }

  draw(g, ratio) {
    const t = this.timeline, scale = t.width / t.span, began = performance.now();
    const like = [t.height, ratio, ...Object.values(t.colours), t.theme.failed, ...t.hidden].join();
    if (this.like !== like) this.tiles.clear();
    this.like = like;
    this.width = Math.round(tileWidth * ratio) / ratio;
    if (this.scale !== scale) {
      this.scale = scale;
      this.changed = began;
      clearTimeout(this.rests);
      if (this.many) this.rests = setTimeout(() => t.redraw(), zoomRests);
      else this.tiles.clear();
    }
    const first = !this.tiles.size, zooms = this.many && !first && began - this.changed < zoomRests - 5;
    const level = zooms ? 2 ** Math.round(Math.log2(scale)) : scale, stretch = scale / level;
    const left = zooms ? t.view[0] * level : Math.round(t.view[0] * level), x = (n) => Math.round((n * this.width - left) * stretch);
    let made = 0;
    this.missing = 0;
    for (let n = Math.floor(left / this.width); x(n) < t.width; n++) {
      let c = this.tile(n, level);
      if (!c && (first || !made || performance.now() - began < tileTime)) {
        c = this.make(n, level, ratio);
        made++;
      }
      if (c) g.drawImage(c, x(n), 0, stretch === 1 ? this.width : x(n + 1) - x(n), t.height);
      else {
        this.missing++;
        this.instead(g, n, level, x(n), x(n + 1));
      }
    }
    if (this.missing) t.redraw();
    this.settled = !zooms && !this.missing;
  }

  tile(n, scale) {
    const key = scale + ' ' + n, tile = this.tiles.get(key);
    if (!tile) return null;
    this.tiles.delete(key);
    this.tiles.set(key, tile);
    return tile.canvas;
  }

  make(n, scale, ratio) {
    const t = this.timeline, canvas = document.createElement('canvas'), g = canvas.getContext('2d');
    canvas.width = Math.round(this.width * ratio);
    canvas.height = Math.round(t.height * ratio);
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    for (const lane of t.lanes) if (!lane.head) drawMarks(t, g, lane, n * this.width, this.width, scale);
    this.made++;
    this.tiles.set(scale + ' ' + n, {n, scale, canvas});
    if (this.tiles.size > 3 * t.width / this.width + 8) this.tiles.delete(this.tiles.keys().next().value);
    return canvas;
  }

  // instead draws, between two pixels, what tiles of another scale have in place of one that is still to be made.
  instead(g, n, scale, left, right) {
    const t = this.timeline, of = (tile) => tile.n * this.width / tile.scale, wide = this.width / scale, levels = new Map();
    for (const tile of this.tiles.values()) {
      const shared = Math.min(of(tile) + this.width / tile.scale, n * wide + wide) - Math.max(of(tile), n * wide);
      if (shared <= 0) continue;
      if (!levels.has(tile.scale)) levels.set(tile.scale, {shared: 0, far: Math.abs(Math.log(tile.scale / scale)), tiles: []});
      const level = levels.get(tile.scale);
      level.shared += shared;
      level.tiles.push(tile);
    }
    const [best] = [...levels.values()].sort((a, b) => Math.round((b.shared - a.shared) / wide * 16) || a.far - b.far);
    if (!best) return;
    g.save();
    g.beginPath();
    g.rect(left, 0, right - left, t.height);
    g.clip();
    for (const tile of best.tiles) g.drawImage(tile.canvas, t.x(of(tile)), 0, this.width / tile.scale * this.scale, t.height);
    g.restore();
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
