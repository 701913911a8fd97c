// The page: what ran, filters, and the scenarios, each drawn when it is opened.
const all = JSON.parse(document.getElementById('data').textContent);
const order = ['failed', 'inconclusive', 'refused', 'interrupted', 'passed', 'not-applicable'];
const named = (status) => status.replace('-', ' ');
const root = document.documentElement;
let saved = null;
try { saved = localStorage.getItem('kafkaspec-theme'); } catch { /* not allowed: the system's */ }
if (saved) root.dataset.theme = saved;
const isDark = () => root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
const recolour = () => { for (const t of timelines) t.redraw(); for (const paint of repaints) paint(); };
const repaints = [];
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', recolour);

const filters = {text: '', feature: '', tag: '', cluster: '', status: new Set()};
const clusterOf = (s) => s.cluster || all.cluster;
const searched = (s) => (s.text = s.text || [s.feature, s.rule, s.title, s.file, ...(s.tags || []), ...(s.steps || []).map((x) => x.text),
  s.failure && s.failure.message].filter(Boolean).join('\n').toLowerCase());
const matches = (s) => (!filters.status.size || filters.status.has(s.status)) && (!filters.feature || s.file === filters.feature) &&
  (!filters.tag || (s.tags || []).includes(filters.tag)) && (!filters.cluster || clusterOf(s) === filters.cluster) &&
  (!filters.text || filters.text.split(/\s+/).every((word) => searched(s).includes(word)));

function filterBar() {
  const chips = order.filter((st) => all.scenarios.some((s) => s.status === st)).map((st) => {
    const chip = el('button', {type: 'button', 'aria-pressed': 'false', class: st, onclick: () => {
      filters.status.has(st) ? filters.status.delete(st) : filters.status.add(st);
      chip.setAttribute('aria-pressed', String(filters.status.has(st)));
      apply();
    }}, all.scenarios.filter((s) => s.status === st).length + ' ' + named(st));
    return chip;
  });
  const choice = (name, values, label) => values.length > 1 && el('select', {'aria-label': name, onchange: (e) => {
    filters[name] = e.target.value;
    apply();
  }}, el('option', {value: ''}, 'every ' + name), values.map((v) => el('option', {value: v}, label ? label(v) : v)));
  const unique = (list) => [...new Set(list)].sort();
  const names = new Map(all.scenarios.map((s) => [s.file, s.feature]));
  return el('div', {class: 'filters', role: 'search'}, chips,
    el('input', {type: 'search', placeholder: 'filter by text', 'aria-label': 'filter by text', oninput: (e) => {
      filters.text = e.target.value.toLowerCase().trim();
      apply();
    }}),
    choice('feature', unique(all.scenarios.map((s) => s.file)), (f) => names.get(f)),
    choice('tag', unique(all.scenarios.flatMap((s) => s.tags || []))),
    choice('cluster', unique(all.scenarios.map(clusterOf))), shownCount);
}
const shownCount = el('span', {class: 'quiet', role: 'status'});

const open = (s) => { location.hash = s.anchor; reveal(s); };

function rank(title, list, value) {
  return list.length > 0 && el('details', {}, el('summary', {}, title), el('table', {class: 'rank'}, el('tbody', {},
    list.map((s) => el('tr', {}, el('td', {}, link(s.feature + ': ' + s.title, () => open(s))), el('td', {}, value(s)))))));
}

function rankings() {
  const slow = [...all.scenarios].sort((a, b) => b.duration_ns - a.duration_ns).slice(0, 10);
  const runs = new Map();
  for (const s of all.scenarios) {
    const key = s.file + ':' + s.line + ':' + clusterOf(s);
    runs.set(key, [...(runs.get(key) || []), s]);
  }
  const flaky = [...runs.values()].filter((r) => new Set(r.map((s) => s.status)).size > 1)
    .map((r) => r.find((s) => s.status !== 'passed'));
  return [rank('The slowest', slow, (s) => pause(s.duration_ns / 1e6)), rank('Flaky: not the same each time', flaky, (s) => {
    const r = runs.get(s.file + ':' + s.line + ':' + clusterOf(s));
    return r.filter((x) => x.status === 'passed').length + ' of ' + r.length + ' passed';
  })];
}

function summary(s) {
  return el('summary', {}, el('span', {class: 'status ' + s.status}, named(s.status)),
    el('span', {class: 'name'}, (s.rule ? s.rule + ': ' : '') + s.title), el('span', {class: 'ms'}, pause(s.duration_ns / 1e6)));
}

function row(s) {
  s.element = el('details', {class: 'scenario', id: s.anchor}, summary(s));
  s.element.addEventListener('toggle', () => { if (s.element.open) fill(s); });
  return s.element;
}

// fill draws a scenario when it is opened for the first time.
function fill(s) {
  s.filled = s.filled || draw(s).catch((problem) => s.element.append(el('p', {class: 'failed'}, 'cannot be drawn: ' + problem)));
  return s.filled;
}

async function draw(s) {
  const body = el('div', {class: 'body'});
  s.element.append(body);
  const data = s.facts ? await unpack(s.facts) : null;
  let timeline = null;
  const panel = el('div', {class: 'fact', 'aria-live': 'polite', tabindex: '-1'}, el('span', {class: 'quiet'}, 'Select a fact in the timeline to see all that is known of it.'));
  const select = (f) => {
    timeline.select(f, new Set(relatedTo(data, f).flatMap(([, facts]) => facts)));
    panel.replaceChildren(showFact(data, f, select));
  };
  body.append(el('p', {class: 'quiet'}, s.file + ':' + s.line + '  ', (s.tags || []).map((t) => [el('span', {class: 'chip'}, t), ' ']),
    'seed ' + s.seed + (all.scenarios.some((o) => o.cluster) ? '  on ' + clusterOf(s) : ''), ' ',
    el('a', {href: '#' + s.anchor}, 'link to this')));
  const steps = stepList(s, (step) => timeline && timeline.show(step.began_ns / 1e3 - 5e4, (step.began_ns + step.duration_ns) / 1e3 + 5e4));
  body.append(s.failure ? el('div', {class: 'columns'}, el('div', {}, el('h2', {}, 'Steps'), steps),
    el('div', {}, el('h2', {}, s.status === 'failed' ? 'Failure' : named(s.status)), showFailure(s, data, select))) : steps);
  if (!data) {
    body.append(el('p', {class: 'quiet'}, s.noFacts || 'No facts were kept of it.'));
    return;
  }
  timeline = new Timeline(data, s, select);
  s.timeline = timeline;
  let legend = timeline.legend();
  repaints.push(() => { const next = timeline.legend(); legend.replaceWith(next); legend = next; });
  body.append(el('h2', {}, 'Timeline ', el('span', {class: 'quiet'}, told(data, timeline))), timeline.tools, legend, timeline.box, panel);
  if (data.numbers.length) {
    body.append(el('details', {open: Boolean(s.failure)}, el('summary', {class: 'heading'}, 'Numbers'), showNumbers(data.numbers)));
  }
  if (s.failure) {
    const at = timeline.failed ? timeline.failed.to : timeline.full[1];
    const log = logAround(data, at, select);
    if (log) body.append(log);
  }
  timeline.redraw();
}

// told says how many facts there are, and which are not shown.
function told(data, timeline) {
  let text = count(data.total, 'fact');
  if (data.left.length) {
    const left = data.left.reduce((n, l) => n + l[1], 0);
    text += `; thinned, ${left} are left out (${data.left.slice(0, 4).map(([kind, n]) => n + ' ' + kind).join(', ')}${data.left.length > 4 ? ', …' : ''})`;
  }
  if (data.dropped) text += `; ${data.dropped} log lines were dropped while it ran`;
  if (timeline.lanesLeft) text += `; ${count(timeline.lanesLeft, 'lane')} with less to show left out`;
  return text;
}

function stepList(s, onclick) {
  const longest = Math.max(1, ...(s.steps || []).map((x) => x.duration_ns));
  return el('ol', {class: 'steps'}, (s.steps || []).map((x) => {
    const mark = {passed: '✓', failed: '✗', skipped: '·'}[x.status] || '?';
    const bar = el('div', {class: 'bar'});
    bar.style.width = Math.max(x.duration_ns / longest * 100, 0.5) + '%';
    const text = x.keyword + ' ' + x.text;
    return el('li', {class: x.status}, el('span', {class: x.status}, mark),
      x.began_ns === undefined ? el('span', {}, text) : link(text, () => onclick(x), 'show it in the timeline'),
      el('span', {class: 'ms'}, x.status === 'skipped' ? '' : pause(x.duration_ns / 1e6)), x.status !== 'skipped' && bar,
      under(x), (x.notes || []).map((n) => el('span', {class: 'note'}, n)));
  }));
}

// under is the table or doc string of a step: folded, but where the step ended its scenario.
function under(x) {
  const rows = x.table || [], open = x.status !== 'passed' && x.status !== 'skipped';
  const what = rows.length ? count(rows.length, 'row') : x.doc_string && count(x.doc_string.text.split('\n').length, 'line');
  return what && el('details', {class: 'under', open}, el('summary', {class: 'quiet'}, what), rows.length ?
    el('table', {}, el('tbody', {}, rows.map((row) => el('tr', {}, row.map((cell) => el('td', {class: 'mono'}, cell)))))) :
    el('pre', {}, x.doc_string.text));
}

function apply() {
  let shown = 0;
  for (const f of features) {
    let any = 0;
    for (const s of f.scenarios) {
      const ok = matches(s);
      s.element.hidden = !ok;
      any += ok ? 1 : 0;
    }
    f.element.hidden = !any;
    shown += any;
  }
  shownCount.textContent = shown === all.scenarios.length ? '' : shown + ' of ' + all.scenarios.length;
}

function reveal(s) {
  s.element.hidden = s.element.parentElement.hidden = false;
  s.element.open = true;
  return fill(s).then(() => s.element.scrollIntoView());
}

function toAnchor() {
  const name = decodeURIComponent(location.hash.slice(1));
  const s = all.scenarios.find((x) => x.anchor === name);
  if (s) reveal(s);
  return Boolean(s);
}

const features = [];
function build() {
  const page = document.getElementById('page');
  page.append(el('header', {class: 'top'}, el('div', {}, el('h1', {}, all.counts.length ? all.counts.map(({status: st, n}, i) => [i ? ', ' : '', el('span', {class: st}, n + ' ' + named(st))]) : 'nothing ran'),
    el('div', {class: 'quiet'}, `${all.cluster} · ${all.started.replace('T', ' ')} · took ${pause(all.ms)} · seed ${all.seed} · kafkaspec ${all.kafkaspec}, ${all.go}, ${count(all.cores, 'core')}`)),
    el('button', {type: 'button', onclick: () => {
      root.dataset.theme = isDark() ? 'light' : 'dark';
      try { localStorage.setItem('kafkaspec-theme', root.dataset.theme); } catch { /* until the page is closed */ }
      recolour();
    }, 'aria-label': 'light or dark'}, '◐')), filterBar());
  const byFile = new Map();
  for (const s of all.scenarios) {
    const key = s.file + '\n' + s.feature;
    if (!byFile.has(key)) byFile.set(key, []);
    byFile.get(key).push(s);
  }
  const main = el('main', {}, ...rankings().filter(Boolean));
  for (const list of byFile.values()) {
    const bad = list.filter((s) => s.status !== 'passed' && s.status !== 'not-applicable').length;
    const element = el('section', {}, el('h2', {}, list[0].feature + ' ', el('span', {class: 'quiet'}, list[0].file + ' · ' + (bad ? bad + ' of ' : '') + list.length)), list.map(row));
    features.push({element, scenarios: list});
    main.append(element);
  }
  for (const [title, list] of [['Not started' + (all.why ? ', as ' + all.why : ''), all.notStarted], ['Run more often, and not kept one by one', all.more], ['Left out, as they are huge', all.leftOut]]) {
    if (list) main.append(el('section', {}, el('h2', {}, title), el('ul', {}, list.map((x) => el('li', {}, x)))));
  }
  page.append(main);
  if (!toAnchor()) {
    const first = all.scenarios.find((s) => order.indexOf(s.status) < 4);
    if (first) { first.element.open = true; }
  }
  addEventListener('hashchange', toAnchor);
  addEventListener('beforeprint', () => { for (const s of all.scenarios) if (s.failure && s.status !== 'not-applicable') s.element.open = true; });
}
build();
