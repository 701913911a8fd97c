// A page of charts alone.
const shownFigures = JSON.parse(document.getElementById('data').textContent);
document.getElementById('page').append(el('header', {}, el('h1', {}, shownFigures.title)),
  el('main', {}, showNumbers(shownFigures.charts), el('table', {}, el('tbody', {}, (shownFigures.rows || []).map(([name, text]) =>
    el('tr', {}, el('th', {scope: 'row'}, name), el('td', {}, text)))))));
