// Moments as people read them.

const UNITS: [name: string, seconds: number][] = [['d', 86_400], ['h', 3_600], ['min', 60]];

/** "12 min", of two units where the larger is small: "1 h 5 min". */
export function duration(ms: number): string {
  let left = Math.max(0, Math.floor(ms / 1000));
  const words: string[] = [];
  for (const [name, seconds] of UNITS) {
    const many = Math.floor(left / seconds);
    if (many === 0) {
      if (words.length > 0) break;
      continue;
    }
    words.push(`${many} ${name}`);
    left -= many * seconds;
    if (many >= 10 || words.length === 2) break;
  }
  return words.length === 0 ? `${left} s` : words.join(' ');
}

export const ago = (moment: Date | undefined, now = Date.now()): string =>
  (moment ? `${duration(now - moment.getTime())} ago` : '');

/** "2026-03-02 09:05:07", in the reader's zone. */
export function dateTime(moment: Date | undefined): string {
  if (!moment) return '';
  const two = (value: number) => String(value).padStart(2, '0');
  const date = [moment.getFullYear(), two(moment.getMonth() + 1), two(moment.getDate())].join('-');
  return `${date} ${[moment.getHours(), moment.getMinutes(), moment.getSeconds()].map(two).join(':')}`;
}

export const date = (moment: Date | undefined): string => dateTime(moment).slice(0, 10);
