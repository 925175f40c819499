// What a Rust file says of names: the modules that it declares, what its `use`s bind, and the paths that its code spells.
//
// A scope is a module, the file itself or a `mod` with braces in it:
//
//   modules  {name: {path}}   declared with `mod name;`, `path` from its attribute or null
//   inline   {name: scope}    `mod name {...}`
//   uses     [{path, name, isExported}]   a name bound to a path; `name` is "*" for all that is there
//   paths    [[segment]]      spelled in the code, two segments and more
//   words    {name}           every single word of the code
//   defines  {name}           items that the text spells; those that a macro writes are not among them

import { tokensOf } from './tokens.js';

const ITEMS = new Set(['struct', 'enum', 'union', 'fn', 'type', 'trait', 'const', 'static']);

export function scopeOf(text) {
  return new Reader(tokensOf(text)).whole();
}

const newScope = () => ({ modules: new Map(), inline: new Map(), uses: [], paths: [], words: new Set(), defines: new Set() });

class Reader {
  #tokens;
  #at = 0;
  /** The text of the last `#[path = "..."]`. */
  #path = null;
  #isExported = false;

  constructor(tokens) {
    this.#tokens = tokens;
  }

  whole() {
    return this.#scope(newScope());
  }

  /** Up to the brace that closes it, or the end. */
  #scope(scope) {
    let depth = 0;
    while (this.#at < this.#tokens.length) {
      if (this.#isSign('}') && depth === 0) {
        this.#at += 1;
        break;
      }
      if (this.#isSign('{')) depth += 1;
      if (this.#isSign('}')) depth -= 1;
      this.#one(scope);
    }
    return scope;
  }

  #one(scope) {
    const word = this.#word();
    if (this.#isSign('#')) this.#attribute();
    else if (word === 'pub') this.#visibility();
    else if (word === 'mod' && this.#word(1) !== undefined) this.#module(scope);
    else if (word === 'use') this.#use(scope);
    else if (word !== undefined) this.#code(scope);
    else this.#at += 1;
  }

  #attribute() {
    const [, , name, , text] = this.#tokens.slice(this.#at, this.#at + 5);
    if (name?.word === 'path' && text?.quoted !== undefined) this.#path = text.quoted;
    this.#at += 1;
  }

  /** `pub` and `pub(in ...)`: what follows it goes out. */
  #visibility() {
    this.#at += 1;
    const isRestricted = this.#isSign('(') && ['crate', 'super', 'self', 'in'].includes(this.#word(1));
    if (isRestricted) while (!this.#isSign(')', -1)) this.#at += 1;
    this.#isExported = this.#word() === 'use';
  }

  #module(scope) {
    const name = this.#word(1);
    this.#at += 2;
    if (this.#isSign(';')) scope.modules.set(name, { path: this.#path });
    if (this.#isSign('{')) {
      this.#at += 1;
      scope.inline.set(name, this.#scope(newScope()));
    }
    this.#path = null;
  }

  #use(scope) {
    const isExported = this.#isExported;
    this.#isExported = false;
    this.#at += 1;
    for (const { path, name } of this.#tree([])) scope.uses.push({ path, name, isExported });
  }

  /** A tree of `use`, taken apart: one entry for each name that it binds. */
  #tree(before) {
    const path = [...before];
    if (this.#isSign('::')) this.#at += 1;
    for (;;) {
      if (this.#isSign('{')) return this.#branches(path);
      if (this.#isSign('*')) {
        this.#at += 1;
        return [{ path, name: '*' }];
      }
      path.push(this.#word());
      this.#at += 1;
      if (!this.#isSign('::')) break;
      this.#at += 1;
    }
    // `{self}` is the module itself.
    if (path.length > 1 && path.at(-1) === 'self') path.pop();
    if (this.#word() !== 'as') return [{ path, name: path.at(-1) }];
    this.#at += 2;
    return [{ path, name: this.#word(-1) }];
  }

  #branches(path) {
    const found = [];
    this.#at += 1;
    while (!this.#isSign('}')) {
      found.push(...this.#tree(path));
      if (this.#isSign(',')) this.#at += 1;
    }
    this.#at += 1;
    return found;
  }

  #code(scope) {
    const before = this.#tokens[this.#at - 1];
    const path = [this.#word()];
    this.#at += 1;
    while (this.#isSign('::') && this.#word(1) !== undefined) {
      path.push(this.#word(1));
      this.#at += 2;
    }
    if (before?.word !== undefined && ITEMS.has(before.word)) scope.defines.add(path[0]);
    // A field or a method has the name of nothing else.
    if (before?.sign === '.' || before?.sign === '::') return;
    scope.words.add(path[0]);
    if (path.length > 1) scope.paths.push(path);
  }

  #word(ahead = 0) {
    return this.#tokens[this.#at + ahead]?.word;
  }

  #isSign(sign, ahead = 0) {
    return this.#tokens[this.#at + ahead]?.sign === sign;
  }
}
