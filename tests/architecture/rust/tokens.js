// Rust in words: names, `::`, single signs, and texts in quotes. Comments, lifetimes and characters are left out.

const TOKEN = new RegExp([
  String.raw`(?<skipped>\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|b?'(?:\\(?:u\{[^}]*\}|x..|.)|[^'\\\n])'|'[A-Za-z_]\w*)`,
  String.raw`b?c?r(?<fence>#*)"(?<raw>[\s\S]*?)"\k<fence>(?!#)`,
  String.raw`[bc]?"(?<quoted>(?:\\[\s\S]|[^"\\])*)"`,
  String.raw`(?<word>(?:r#)?[A-Za-z_]\w*)`,
  String.raw`(?<sign>::|[\s\S])`,
].join('|'), 'gy');

/** [{word}, {sign} or {quoted}] in the order of the text. */
export function tokensOf(text) {
  const tokens = [];
  for (const { groups } of text.matchAll(TOKEN)) {
    const { skipped, raw, quoted = raw, word, sign } = groups;
    if (skipped !== undefined) continue;
    if (quoted !== undefined) tokens.push({ quoted });
    else tokens.push(word === undefined ? { sign } : { word });
  }
  return tokens;
}
