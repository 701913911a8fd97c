'use strict';
// What a text must not bring with it: colours of terminals, control characters, marks that turn the order around.
const ansi = /\u001b(?:\[[0-?]*[ -\/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/g;
const clean = (text) => String(text).replace(ansi, '').replace(control, '');

// el makes an element. All that comes from a run is put into the page as text, here, and never as HTML.
function el(name, attributes, ...children) {
  const e = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key.startsWith('on')) e.addEventListener(key.slice(2), value);
    else if (key === 'class') e.className = value;
    else if (value !== undefined && value !== false) e.setAttribute(key, value === true ? '' : clean(value));
  }
  for (const child of children.flat(3)) {
    if (child === null || child === undefined || child === false || child === '') continue;
    e.append(child instanceof Node ? child : document.createTextNode(clean(child)));
  }
  return e;
}
// colours of what has no colour of its own: owners of partitions, lines of charts.
const owners = ['#3b76c4', '#b4601f', '#3d8a4f', '#8a57b8', '#b0485f', '#2f8a93', '#8f7a1e', '#6b6f78'];
const count = (n, noun) => n + ' ' + noun + (n === 1 ? '' : 's');
const pause = (ms) => ms < 1 ? ms.toFixed(2) + ' ms' : ms < 1000 ? Math.round(ms) + ' ms' : (ms / 1000).toFixed(2) + ' s';
const moment = (us) => (us / 1e6).toFixed(3) + 's';
const link = (text, onclick, title) => el('button', {class: 'link', type: 'button', onclick, title}, text);
const short = (text, n) => text.length > n ? text.slice(0, n - 1) + '…' : text;

// unpack gives the facts of a scenario: gzip in base64.
async function unpack(code) {
  const bytes = Uint8Array.from(atob(code), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return readFacts(JSON.parse(await new Response(stream).text()));
}

// readFacts turns rows into objects; the rows are described in facts.go and bars.go.
function readFacts(raw) {
  const s = raw.s;
  const requests = (raw.r || []).map((r) => ({api: s[r[0]], version: r[1], correlation: r[2], client: s[r[3]],
    connection: r[4], broker: r[5], sent: r[6], answered: r[7], outcome: s[r[8]], fault: s[r[9]]}));
  const facts = (raw.f || []).map((f, i) => ({i, seq: f[0], at: f[1], kind: s[f[2]], source: s[f[3]], app: s[f[4]],
    group: s[f[5]], topic: s[f[6]], partition: f[7], offset: f[8], key: s[f[9]], count: f[10], error: s[f[11]],
    text: s[f[12]], detail: s[f[13]], request: f[14] < 0 ? null : requests[f[14]], line: s[f[15]]}));
  const bars = (raw.b || []).map((b) => ({what: b[0], app: s[b[1]], topic: s[b[2]], partition: b[3], from: b[4],
    to: b[5], state: s[b[6]]}));
  const curves = (raw.c || []).map((c) => ({topic: s[c.t], partition: c.p, what: c.w, points: c.d}));
  const bySeq = new Map(facts.map((f) => [f.seq, f])), byRequest = new Map();
  for (const f of facts) {
    if (f.request && !byRequest.has(requestOf(f))) byRequest.set(requestOf(f), []);
    if (f.request) byRequest.get(requestOf(f)).push(f);
  }
  return {facts, bars, curves, bySeq, byRequest, numbers: raw.n || [], total: raw.total, dropped: raw.dropped || 0,
    left: (raw.left || []).map((l) => [s[l[0]], l[1]])};
}
const requestOf = (f) => f.request.connection + ' ' + f.request.correlation;
const place = (f) => !f.topic ? '' : f.partition < 0 ? f.topic : f.topic + ' ' + f.partition + (f.offset < 0 ? '' : ' @' + f.offset);
