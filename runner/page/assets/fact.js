// What is known of one fact, and where it comes from.
const sources = {
  wire: ['wire', 'seen between the application and the cluster'],
  log: ['log', 'said by the application, in its log'],
  kafkaspec: ['kafkaspec', 'done or seen by kafkaspec itself'],
  broker: ['cluster', 'asked of the cluster'],
};

// relatedTo are the facts that belong with one: of its request, of its record, struck by it.
function relatedTo(data, f) {
  const groups = [];
  const others = (label, keep) => {
    const found = data.facts.filter((o) => o !== f && keep(o));
    if (found.length) groups.push([label, found]);
  };
  if (f.kind === 'fault-fired') {
    const hit = struck(data, f);
    if (hit.length) groups.push([f.request ? 'what it struck' : 'errors within 2 s after it', hit]);
  } else if (f.request) {
    others('the fault that struck it', (o) => o.kind === 'fault-fired' && o.request && requestOf(o) === requestOf(f));
    others('of the same request', (o) => o.request === f.request);
  }
  if (f.topic && f.partition >= 0 && f.offset >= 0) {
    others('at the same offset', (o) => o.topic === f.topic && o.partition === f.partition && o.offset === f.offset);
  }
  if (f.key) others('of the same key', (o) => o.topic === f.topic && o.key === f.key && o.offset !== f.offset);
  return groups;
}

// factLink names a fact; said is what stands before it, and need not be said again.
function factLink(f, select, from, said = '') {
  const gap = from ? (f.at >= from.at ? '+' : '−') + pause(Math.abs(f.at - from.at) / 1e3) : moment(f.at);
  return link(gap + '  ' + [f.kind, f.app || f.source, place(f), givenBy(f), said.includes(f.error.slice(0, 60)) ? '' : short(f.error, 80)].filter(Boolean).join(' '), () => select(f));
}

// givenBy are the partitions that a group gives to a member, or those that it gives up.
function givenBy(f) {
  if (!/^group-(assigned|revoked|lost)$/.test(f.kind)) return '';
  const [, text] = detailOf(f).find(([name]) => name === 'assigned' || name === 'owned') || [];
  return text || '';
}

function rowsOf(pairs) {
  return el('table', {}, el('tbody', {}, pairs.filter(([, v]) => v !== '' && v !== undefined && v !== null && v !== false)
    .map(([name, v]) => el('tr', {}, el('th', {scope: 'row'}, name), el('td', {class: 'mono'}, v instanceof Node ? v : String(v))))));
}

function detailOf(f) {
  if (!f.detail) return [];
  let d;
  try { d = JSON.parse(f.detail); } catch { return [['detail', f.detail]]; }
  const shown = (v) => typeof v === 'object' && v !== null ? (Array.isArray(v) && v.every((x) => x && x.partitions) ?
    (v.map((x) => x.topic + ':' + x.partitions.join(',')).join(' ') || 'none') : JSON.stringify(v)) : String(v);
  return Object.entries(d).filter(([, v]) => v !== -1 && v !== 0 && v !== '').map(([name, v]) => [name, shown(v)]);
}

function showFact(data, f, select) {
  const [source, told] = sources[f.source] || [f.source || 'unknown', ''];
  const r = f.request;
  const rows = [['application', f.app], ['group', f.group], ['topic', f.topic], ['partition', f.topic && f.partition >= 0 ? f.partition : ''],
    ['offset', f.topic && f.offset >= 0 ? f.offset : ''], ['key', f.key], ['count', f.count || ''], ['error', f.error], ['text', f.text],
    ...detailOf(f), ['log line', f.line]];
  if (r) {
    rows.push(['request', (r.api ? r.api + ' v' + r.version : 'connection') + (r.client ? ' of client ' + r.client : '') + ', correlation ' + r.correlation],
      ['sent by wire', 'connection ' + r.connection + (r.broker >= 0 ? ' to broker ' + r.broker : '')],
      ['took', pause((r.answered - r.sent) / 1e3) + ' (' + moment(r.sent) + ' to ' + moment(r.answered) + ')'], ['outcome', r.outcome], ['disturbed by', r.fault]);
  }
  const groups = relatedTo(data, f);
  const most = 8;
  return el('div', {},
    el('h3', {}, moment(f.at) + '  ' + f.kind + ' ', el('span', {class: 'source', title: told}, source), ' ',
      el('span', {class: 'quiet'}, told + ', fact ' + f.seq)),
    rowsOf(rows),
    groups.map(([label, all]) => el('div', {}, el('div', {class: 'quiet'}, label + ':'),
      el('ul', {}, all.slice(0, most).map((o) => el('li', {}, factLink(o, select, f))), all.length > most &&
        el('li', {class: 'quiet'}, 'and ' + (all.length - most) + ' more')))));
}
