// What a run found, as a table.
export function median(numbers) {
  const sorted = numbers.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** What we take of what the better peer takes, where it takes least. Ours is the first. */
export function sharesOf([ours, ...peers]) {
  return ours.modes.map(({ mode, cpuMs }, index) => ({ mode, share: cpuMs / Math.min(...peers.map(({ modes }) => modes[index].cpuMs)) }));
}

/** A table in Markdown, and our share of the better peer's CPU below it. */
export function tableOf({ at, machine, node, rounds, rows, equalRows, contenders, frameworkAlone }) {
  const modes = contenders[0].modes.map(({ mode }) => mode);
  const head = ['', ...modes.flatMap((mode) => [`CPU-ms per row, ${mode}`, `rows per s, ${mode}`]), 'RSS, MB'];
  const lines = [...contenders, frameworkAlone].map(({ name, modes: each, rssMb }) => [
    name, ...each.flatMap(({ cpuMs, rowsPerSecond }) => [cpuMs.toFixed(2), rowsPerSecond.toFixed(0)]), rssMb.toFixed(0),
  ]);
  const shares = sharesOf(contenders).map(({ mode, share }) => `${mode} ${share.toFixed(2)}`);
  return [
    `${at}, ${machine}, Node ${node}: medians of ${rounds} rounds of ${rows} rows; ${equalRows} rows at the emulator were equal.`,
    '',
    ...[head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`),
    '',
    `Ours as a share of the better peer's CPU: ${shares.join(', ')}.`,
  ].join('\n');
}
