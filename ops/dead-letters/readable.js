// Makes foreign text safe for a terminal. Pure.
const BYTES_A_LINE = 16;
// Control characters, and those that reverse or hide what stands around them.
// eslint-disable-next-line no-control-regex -- it looks for control characters
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** Text with whatever could steer a terminal written as its number. */
export const printable = (text) => text.replace(UNPRINTABLE, escaped);

/** A body as lines: indented where it is JSON, as it stands where it is text, else in hex. */
export function readableBody(bytes) {
  const text = textOf(bytes);
  if (text === undefined) return hexLines(bytes);
  if (isJson(text)) return indented(text);
  return text.split('\n').map(printable);
}

function textOf(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

// Only the space between the tokens is changed: a parser would swallow a key that is there twice, and round a number that
// is too long, which may be just what is wrong with the letter.
function indented(text) {
  const lines = [];
  let line = '';
  let depth = 0;
  const begin = () => {
    lines.push(line);
    line = '  '.repeat(depth);
  };
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/g) ?? [];
  tokens.forEach((token, index) => {
    if ('{['.includes(token)) {
      line += token;
      depth += 1;
      if (!'}]'.includes(tokens[index + 1])) begin();
    } else if ('}]'.includes(token)) {
      depth -= 1;
      if (!'{['.includes(tokens[index - 1])) begin();
      line += token;
    } else if (token === ',') {
      line += token;
      begin();
    } else {
      line += token === ':' ? ': ' : printable(token);
    }
  });
  return [...lines, line];
}

function hexLines(bytes) {
  const lines = [];
  for (let from = 0; from < bytes.length; from += BYTES_A_LINE) {
    const some = bytes.subarray(from, from + BYTES_A_LINE);
    const hex = [...some].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const characters = [...some].map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${from.toString(16).padStart(6, '0')}  ${hex.padEnd(BYTES_A_LINE * 3)} ${characters}`);
  }
  return lines;
}

function escaped(character) {
  if (character === '\t') return '\\t';
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
