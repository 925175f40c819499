// The questions that are answered as views: views/{view}.sql. A file's first comment is the view's description; {project} and
// {dataset} stand for where it reads.
import { readFileSync, readdirSync } from 'node:fs';

const VIEWS = new URL('views/', import.meta.url);

/** [{ view, description, sql }]: one that reads another comes after it. */
export function readQuestions({ project, dataset }) {
  const files = new Map(readdirSync(VIEWS).filter((name) => name.endsWith('.sql')).sort().map((name) => [name.slice(0, -'.sql'.length), readFileSync(new URL(name, VIEWS), 'utf8')]));
  const ordered = new Set();
  function add(view) {
    for (const [, read] of files.get(view).matchAll(/\{dataset\}\.(\w+)/g)) if (files.has(read) && !ordered.has(read)) add(read);
    ordered.add(view);
  }
  for (const view of files.keys()) add(view);
  return [...ordered].map((view) => questionOf(view, files.get(view), { project, dataset }));
}

function questionOf(view, text, { project, dataset }) {
  const comment = /^(?:--[^\n]*\n)+/.exec(text)?.[0];
  if (!comment) throw new Error(`views/${view}.sql: it must begin with a comment that says what it answers`);
  const description = comment.split('\n').map((line) => line.replace(/^--\s?/, '')).join(' ').trim();
  return { view, description, sql: text.slice(comment.length).trim().replaceAll('{project}', project).replaceAll('{dataset}', dataset) };
}
