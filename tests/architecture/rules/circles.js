// No file is below itself: what can be understood one after the other can be tested and changed so.

import { circlesOf } from '../circles.js';
import { importsBetween } from '../javascript.js';
import { targetsOf } from '../rust/workspace.js';

/** Between files of Rust a use is where an item is named, so a `mod.rs` that only passes on what is below it makes no circle. */
export function circles(tree) {
  const rust = targetsOf(tree).flatMap(({ target }) => target.uses());
  const spelled = (path) => path.replace(/^(?:crates\/)?/, '');
  return circlesOf([...rust, ...importsBetween(tree.files)]).map((circle) => `a circle: ${[...circle, circle[0]].map(spelled).join(' -> ')}`);
}
