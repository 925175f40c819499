// JSON in lines, its own letters left as they are: what a letter is about may be a number that no double holds, or no JSON at all.

export function indented(json: string): string {
  try {
    JSON.parse(json);
  } catch {
    return json;
  }
  let depth = 0;
  let lines = '';
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g)) {
    const newLine = () => `\n${'  '.repeat(depth)}`;
    if (token === '{' || token === '[') {
      depth += 1;
      lines += token + newLine();
    } else if (token === '}' || token === ']') {
      depth -= 1;
      lines = /[{[]\s*$/.test(lines) ? lines.trimEnd() + token : lines + newLine() + token;
    } else if (token === ',') lines += token + newLine();
    else lines += token === ':' ? ': ' : token;
  }
  return lines;
}
