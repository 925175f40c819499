// As much of Cloud Logging's query language as the metrics use: comparisons of one field, AND (also unsaid), OR, which binds closer there,
// and brackets. It reads a log entry as Cloud Logging would store it; what it doesn't know it refuses, so that a test can't pass by
// a filter that means something else here than there.
const TOKEN = /\s*(?:(?<bracket>[()])|(?<operator>>=|<=|!=|[:=><])|(?<text>"(?:[^"\\]|\\.)*")|(?<word>[\w.*/-]+))/y;
const SEVERITIES = ['DEFAULT', 'DEBUG', 'INFO', 'NOTICE', 'WARNING', 'ERROR', 'CRITICAL', 'ALERT', 'EMERGENCY'];

/** (entry) => whether the filter takes it. */
export function logFilter(text) {
  const tokens = tokensOf(text);
  const rule = all(tokens);
  if (tokens.length > 0) throw new Error(`${tokens[0].value} isn't expected here: ${text}`);
  return rule;
}

/** A line that a function wrote to standard output, as an entry. */
export function entryOf(line, serviceName) {
  const { severity, ...jsonPayload } = JSON.parse(line);
  return { severity, jsonPayload, resource: { type: 'cloud_run_revision', labels: { service_name: serviceName } } };
}

/** What a metric's EXTRACT(field) gives of an entry. */
export function extracted(extractor, entry) {
  const [, field] = /^EXTRACT\(([\w.]+)\)$/.exec(extractor) ?? [];
  if (field === undefined) throw new Error(`nobody here knows ${extractor}`);
  return valueAt(entry, field);
}

function tokensOf(text) {
  const tokens = [];
  const trimmed = text.trim();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < trimmed.length) {
    const at = TOKEN.lastIndex;
    const { groups } = TOKEN.exec(trimmed) ?? {};
    if (groups === undefined) throw new Error(`can't be read from here on: ${trimmed.slice(at)}`);
    const [kind, value] = Object.entries(groups).find(([, found]) => found !== undefined);
    tokens.push({ kind, value });
  }
  return tokens;
}

function all(tokens) {
  const rules = [any(tokens)];
  while (tokens.length > 0 && tokens[0].value !== ')') {
    if (tokens[0].value === 'AND') tokens.shift();
    rules.push(any(tokens));
  }
  return (entry) => rules.every((rule) => rule(entry));
}

function any(tokens) {
  const rules = [one(tokens)];
  while (tokens[0]?.value === 'OR') rules.push(one(next(tokens)));
  return (entry) => rules.some((rule) => rule(entry));
}

function one(tokens) {
  const first = tokens.shift();
  if (first?.value === '(') return closed(all(tokens), tokens);
  if (first?.kind !== 'word') throw new Error(`${first?.value ?? 'the end'} isn't a field`);
  return comparison(first.value, tokens.shift()?.value, valuesOf(tokens));
}

/** "A", or ("A" OR "B"). */
function valuesOf(tokens) {
  const first = tokens.shift();
  if (first?.value !== '(') return [literal(first)];
  const values = [literal(tokens.shift())];
  while (tokens[0]?.value === 'OR') values.push(literal(next(tokens).shift()));
  return closed(values, tokens);
}

function literal({ kind, value } = {}) {
  if (kind === 'text') return JSON.parse(value);
  if (kind === 'word') return value;
  throw new Error(`${value ?? 'the end'} isn't a value`);
}

function closed(result, tokens) {
  if (tokens.shift()?.value !== ')') throw new Error('a bracket isn\'t closed');
  return result;
}

function next(tokens) {
  tokens.shift();
  return tokens;
}

function comparison(field, operator, values) {
  const holds = OPERATORS[operator];
  if (holds === undefined) throw new Error(`${operator ?? 'the end'} isn't a comparison`);
  return (entry) => values.some((value) => holds(valueAt(entry, field), value, field));
}

// What isn't there is unlike everything; but nothing can be said of how large it is.
const OPERATORS = {
  '=': (is, value) => is !== undefined && String(is) === value,
  '!=': (is, value) => String(is) !== value,
  ':': (is, value) => is !== undefined && (value === '*' || String(is).includes(value)),
  '>': (is, value, field) => compared(is, value, field) > 0,
  '>=': (is, value, field) => compared(is, value, field) >= 0,
  '<': (is, value, field) => compared(is, value, field) < 0,
  '<=': (is, value, field) => compared(is, value, field) <= 0,
};

function compared(is, value, field) {
  if (is === undefined) return Number.NaN;
  return field === 'severity' ? SEVERITIES.indexOf(is) - SEVERITIES.indexOf(value) : Number(is) - Number(value);
}

const valueAt = (entry, field) => field.split('.').reduce((value, part) => value?.[part], entry);
