// Numbers over time, and bars: plain SVG, a figure each. What a line says is in words beside it, so that nothing is only
// a colour.
function svg(name, attributes, ...children) {
  const e = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) e.setAttribute(key, clean(value));
  e.append(...children.map((c) => c instanceof Node ? c : document.createTextNode(clean(c))));
  return e;
}
const figure = (n) => Math.abs(n) >= 1e6 ? +(n / 1e6).toPrecision(3) + 'M' : Math.abs(n) >= 1e4 ? +(n / 1e3).toPrecision(3) + 'k' : String(+n.toPrecision(3));

const chartWidth = 360, chartHeight = 150, chartLeft = 44, chartBottom = 18;
function showChart(c) {
  if (!c.series || !c.series.length) return null;
  return el('figure', {class: 'chart'}, el('figcaption', {}, el('strong', {}, c.title), el('span', {class: 'quiet'}, ', ' + c.unit)),
    c.bars ? bars(c) : [lines(c), el('ul', {}, c.series.map((s) => el('li', {}, key(c, s), s.name + ': ', el('span', {class: 'quiet'}, inWords(s)))))]);
}

// inWords is what a line says: the most, and where it ends.
function inWords(s) {
  const values = s.points.filter((_, i) => i % 2);
  return `most ${figure(Math.max(...values))}, at the end ${figure(values[values.length - 1])}`;
}

// colourOf gives a line of the baseline the colour of the one that it is compared with.
function colourOf(c, s) {
  const own = c.series.filter((o) => !o.baseline), like = own.findIndex((o) => s === o || s.name.startsWith(o.name + ','));
  return owners[(like < 0 ? c.series.indexOf(s) : like) % owners.length];
}

function key(c, s) {
  return svg('svg', {width: 22, height: 10, 'aria-hidden': 'true'}, svg('line', {x1: 0, x2: 18, y1: 5, y2: 5, stroke: colourOf(c, s),
    'stroke-width': 2.5, 'stroke-dasharray': s.baseline ? '3 3' : '0'}));
}

function lines(c) {
  let end = 0, most = 0;
  for (const s of c.series) s.points.forEach((v, i) => { if (i % 2) most = Math.max(most, v); else end = Math.max(end, v); });
  end = end || 1;
  most = most || 1;
  const x = (v) => chartLeft + v / end * (chartWidth - chartLeft - 6), y = (v) => chartHeight - chartBottom - v / most * (chartHeight - chartBottom - 8);
  const g = svg('svg', {viewBox: `0 0 ${chartWidth} ${chartHeight}`, role: 'img', 'aria-label': c.title + ' over time: ' +
    c.series.map((s) => s.name + ' ' + inWords(s)).join('; ') + ' ' + c.unit});
  for (const share of [0, 0.5, 1]) {
    g.append(svg('line', {x1: chartLeft, x2: chartWidth - 6, y1: y(most * share), y2: y(most * share), class: 'grid'}),
      svg('text', {x: chartLeft - 4, y: y(most * share) + 4, 'text-anchor': 'end'}, figure(most * share)),
      svg('text', {x: x(end * share), y: chartHeight - 4, 'text-anchor': ['start', 'middle', 'end'][share * 2]}, figure(end * share) + ' s'));
  }
  c.series.forEach((s) => {
    const at = [];
    for (let k = 0; k < s.points.length; k += 2) at.push(x(s.points[k]).toFixed(1) + ',' + y(s.points[k + 1]).toFixed(1));
    g.append(svg('polyline', {points: at.join(' '), fill: 'none', stroke: colourOf(c, s), 'stroke-width': 1.8,
      'stroke-dasharray': s.baseline ? '4 3' : '0'}));
  });
  return g;
}

function bars(c) {
  const most = Math.max(...c.series.map((s) => s.points[0]), 1);
  return el('table', {class: 'bars'}, el('tbody', {}, c.series.map((s) => {
    const bar = el('div', {class: s.baseline ? 'bar baseline' : 'bar'});
    bar.style.width = s.points[0] / most * 100 + '%';
    return el('tr', {}, el('th', {scope: 'row'}, s.name), el('td', {class: 'space'}, bar), el('td', {class: 'number'}, figure(s.points[0])));
  })));
}

const showNumbers = (charts) => el('div', {class: 'charts'}, charts.map(showChart));
