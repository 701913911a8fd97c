// How facts are drawn: which colour and shape a kind has, and in which lanes a fact stands.
const styles = {
  fault: {label: 'faults', light: '#b3121d', dark: '#ff8d8d', shape: 'bolt'},
  life: {label: 'lives', light: '#1b1f24', dark: '#e6e9ee', shape: 'flag'},
  group: {label: 'membership', light: '#6639ba', dark: '#c4a5ff', shape: 'diamond'},
  commit: {label: 'commits', light: '#0550ae', dark: '#8bbcff', shape: 'up'},
  read: {label: 'reads', light: '#57606a', dark: '#8d97a5', shape: 'dot'},
  write: {label: 'writes', light: '#8a4600', dark: '#ffb26b', shape: 'dot'},
  work: {label: 'work done', light: '#116329', dark: '#6fdd8b', shape: 'dot'},
  letter: {label: 'dead letters and retries', light: '#a3258f', dark: '#ff9ce6', shape: 'cross'},
  alert: {label: 'alerts and warnings', light: '#7d4e00', dark: '#ecc063', shape: 'triangle'},
  window: {label: 'windows', light: '#0c6b58', dark: '#5fe0c0', shape: 'frame'},
  http: {label: 'HTTP and commands', light: '#3d4f9f', dark: '#9db1ff', shape: 'triangle'},
  transaction: {label: 'transactions', light: '#0a6b74', dark: '#6fdbe6', shape: 'bar'},
  done: {label: 'done by the scenario', light: '#8a4600', dark: '#ffb26b', shape: 'flag'},
  log: {label: 'log lines', light: '#6e7781', dark: '#7d8794', shape: 'tick'},
  other: {label: 'other', light: '#6e7781', dark: '#7d8794', shape: 'tick'},
};
const styleOf = (() => {
  const kinds = {fault: ['fault-fired'], life: ['topic-made', 'topic-deleted', 'started', 'ready', 'exited', 'killed', 'paused', 'resumed'],
    group: ['assigned', 'revoked', 'lost', 'group-member', 'group-join', 'group-assigned', 'group-revoked', 'group-lost',
      'group-left', 'group-heartbeat', 'share-acquired', 'share-acknowledged', 'share-closed'],
    commit: ['committed', 'group-commit'], read: ['fetch', 'group-position', 'delivered'],
    write: ['sent', 'acknowledged', 'refused', 'unknown', 'produce-attempt'], work: ['processed', 'processing', 'done', 'progress'],
    letter: ['dead-lettered', 'retrying'], alert: ['alert', 'cleared', 'warning'], transaction: ['transaction'], window: ['window'], done: ['note', 'grew'], log: ['log'],
    http: ['service-asked', 'asked', 'command-ran']};
  const of = {};
  for (const [style, all] of Object.entries(kinds)) for (const kind of all) of[kind] = style;
  return (fact) => of[fact.kind] || (/alert/.test(fact.kind) ? 'alert' : 'other');
})();

// isUsual is true of errors that belong to every run: a new member is first told its id (KIP-394), a heartbeat tells a
// member to join again, and a request that waits for records has no answer when its client goes.
const isUsual = (f) => f.error === 'MEMBER_ID_REQUIRED' || f.error === 'REBALANCE_IN_PROGRESS' && f.kind === 'group-heartbeat' ||
  f.error === 'no answer' && (f.kind === 'fetch' || f.kind === 'group-position') && !(f.request && f.request.fault);

// struck are the facts of what a fault hit: those of the same request, and those whose request says it was disturbed.
function struck(data, fault) {
  if (!fault.request) {
    return data.facts.filter((f) => f.error && f.at >= fault.at && f.at < fault.at + 2e6 && f.kind !== 'fault-fired').slice(0, 12);
  }
  return (data.byRequest.get(requestOf(fault)) || []).filter((f) => f !== fault && f.kind !== 'fault-fired');
}

// brokerOf is the broker to which a step did something.
const brokerOf = (f) => f.kind === 'fault-fired' && /"change":/.test(f.detail) ? JSON.parse(f.detail).id : undefined;

const mostLanes = 60;
// lanesOf makes the lanes of a timeline: heads, and rows with their facts, bars and curves.
function lanesOf(data, steps) {
  const rows = new Map();
  const row = (section, name, sort) => {
    const key = section + '\n' + name;
    if (!rows.has(key)) rows.set(key, {section, name, sort, facts: [], bars: [], curves: []});
    return rows.get(key);
  };
  row('', 'steps', '').steps = steps;
  const padded = (topic, partition) => topic + String(partition).padStart(6, '0');
  const partition = (f) => row('partitions', f.topic + ' ' + f.partition, padded(f.topic, f.partition));
  const broker = (id) => row('brokers', 'broker ' + id, String(id).padStart(6, '0'));
  for (const f of data.facts) {
    f.style = styleOf(f);
    f.wrong = Boolean(f.error) && !isUsual(f);
    if (f.kind === 'fault-fired') row('', 'faults', '').facts.push(f);
    if (brokerOf(f) !== undefined) broker(brokerOf(f)).facts.push(f);
    if (f.app) row('applications', f.app, f.app).facts.push(f);
    if (f.topic && f.partition >= 0) partition(f).facts.push(f);
    else if (f.topic && !f.app) row('topics', f.topic, f.topic).facts.push(f);
    if (f.request && f.request.broker >= 0) broker(f.request.broker).facts.push(f);
    else if (!f.app && !f.topic && f.kind !== 'fault-fired') row('', f.source || 'other', '').facts.push(f);
  }
  for (const b of data.bars) {
    if (b.what === 3) broker(b.partition).bars.push(b);
    else if (b.what === 1) partition(b).bars.push(b);
    else if (b.app) row('applications', b.app, b.app).bars.push(b);
  }
  for (const c of data.curves) partition(c).curves.push(c);
  const lanes = [];
  let left = 0;
  for (const section of ['', 'applications', 'partitions', 'topics', 'brokers']) {
    let all = [...rows.values()].filter((r) => r.section === section);
    if (!all.length) continue;
    if (section) lanes.push({head: section});
    if (all.length > mostLanes) { // those with most to show
      all.sort((a, b) => b.facts.length + b.bars.length - a.facts.length - a.bars.length);
      left += all.length - mostLanes;
      all = all.slice(0, mostLanes);
    }
    if (section) all.sort((a, b) => a.sort < b.sort ? -1 : 1);
    lanes.push(...all);
  }
  return {lanes, left};
}
