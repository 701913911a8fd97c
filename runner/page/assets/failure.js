// The failure of a scenario: what to look at first, what differs, what was found, what the applications said.

// marked shows two texts with what differs between their common beginning and end.
function marked(text, other) {
  let a = 0;
  while (a < text.length && a < other.length && text[a] === other[a]) a++;
  let z = 0;
  while (z < text.length - a && z < other.length - a && text[text.length - 1 - z] === other[other.length - 1 - z]) z++;
  if (a + z < 3 || a + z >= text.length && text !== other && a + z >= other.length) return [text];
  return [text.slice(0, a), el('mark', {}, text.slice(a, text.length - z)), text.slice(text.length - z)];
}

function showDifferences(differences) {
  return differences.map((d) => {
    if (!d.want) return el('div', {}, el('h3', {}, 'Unexpected'), el('pre', {}, d.got));
    const fields = d.fields || [];
    return el('div', {}, el('h3', {}, d.got ? 'Expected, and what comes closest' : 'Expected, and not there'),
      fields.length > 0 && el('table', {}, el('thead', {}, el('tr', {}, el('th', {}, 'field'), el('td', {class: 'quiet'}, 'expected'), el('td', {class: 'quiet'}, 'got'))),
        el('tbody', {}, fields.map((x) => el('tr', {}, el('th', {scope: 'row'}, x.name), el('td', {class: 'want mono'}, marked(x.want, x.got)),
          el('td', {class: 'got mono'}, marked(x.got, x.want)))))),
      fields.length ? el('details', {}, el('summary', {class: 'quiet'}, 'both records, whole'), el('pre', {}, 'expected: ' + d.want + '\n\ngot: ' + d.got)) : el('pre', {}, d.want));
  });
}

function showFindings(s, data, select) {
  const f = s.failure;
  if (!f.findings) return null;
  const where = (x) => x.topic + (x.partition < 0 ? '' : ' partition ' + x.partition) + (x.offset < 0 ? '' : ' offset ' + x.offset) + (x.key ? ' key ' + x.key : '');
  const item = (x, n) => {
    const facts = data ? (x.facts || []).map((n) => data.bySeq.get(n)).filter(Boolean) : [];
    const list = facts.length > 0 && el('ul', {}, facts.map((fact, i) => el('li', {}, factLink(fact, select, i ? facts[i - 1] : null))));
    return el('li', {}, el('strong', {}, x.kind), ' ', where(x), x.detail && ': ' + x.detail,
      n === 0 ? list : list && el('details', {}, el('summary', {class: 'quiet'}, count(facts.length, 'fact')), list));
  };
  const shown = 3, rest = f.findings.slice(shown), total = f.finding_total || f.findings.length;
  return el('div', {class: 'findings'}, el('h3', {}, count(total, 'finding')), el('ol', {}, f.findings.slice(0, shown).map((x, i) => item(x, i))),
    rest.length > 0 && el('details', {}, el('summary', {}, `${rest.length} more`), el('ol', {start: shown + 1}, rest.map((x) => item(x)))),
    total > f.findings.length && el('p', {class: 'quiet'}, `and ${total - f.findings.length} that are not listed`));
}

// logAround shows what the applications wrote around a moment.
function logAround(data, at, select) {
  const all = data.facts.filter((f) => f.kind === 'log' || f.line);
  if (!all.length) return null;
  let first = all.findIndex((f) => f.at > at);
  if (first < 0) first = all.length;
  const near = all.slice(Math.max(first - 14, 0), first + 6);
  return el('div', {}, el('h3', {}, 'Log lines around ' + moment(at)), el('ol', {class: 'log mono'}, near.map((f) =>
    el('li', {class: f === all[first - 1] ? 'here' : ''}, el('span', {class: 't'}, moment(f.at)),
      el('span', {class: 'x'}, link(f.app, () => select(f)), ' ', f.line || f.text)))));
}

function showFailure(s, data, select) {
  const f = s.failure;
  const looks = (f.look_first || []).map((h) => [h.text, data && data.bySeq.get(h.fact)]);
  const out = el('div', {class: 'failure'});
  if (f.step) out.append(el('p', {}, el('strong', {}, f.step), ' ', el('span', {class: 'quiet'}, f.file + ':' + f.line)));
  if (looks.length) {
    out.append(el('div', {class: 'look'}, el('strong', {}, 'Look at first'), el('ol', {}, looks.map(([text, fact]) =>
      el('li', {}, text, ' ', fact && factLink(fact, select, null, text))))));
  }
  const differences = showDifferences(f.differences || []), findings = showFindings(s, data, select);
  const told = findings || differences.length;
  if (told) out.append(el('p', {class: 'mono'}, f.message.split('\n')[0]));
  if (findings) out.append(findings);
  out.append(...differences);
  out.append(told ? el('details', {}, el('summary', {}, 'The whole message'), el('pre', {}, f.message)) : el('pre', {}, f.message));
  if (f.rerun) {
    const code = el('code', {}, f.rerun);
    const copy = el('button', {type: 'button', onclick: async () => {
      try {
        await navigator.clipboard.writeText(f.rerun);
        copy.textContent = 'copied';
      } catch { getSelection().selectAllChildren(code); }
    }}, 'copy');
    out.append(el('p', {}, 'again: ', code, ' ', copy));
  }
  for (const a of f.app_lines || []) {
    out.append(el('details', {}, el('summary', {}, `"${a.app}"${a.state ? ' (' + short(a.state.split('\n')[0], 80) + ')' : ''} ` + ((a.lines || []).length ? 'wrote last' : 'wrote nothing')),
      (a.lines || []).length > 0 && el('pre', {}, a.lines.join('\n'))));
  }
  return out;
}
