// Amounts in minor units as people write them. All in digits: no amount goes through a double.

import currencies from '../../contracts/currencies.json';

const EXPONENTS = new Map(Object.entries(currencies as unknown as Record<string, number>));
const USUAL_EXPONENT = 2;

/** -123456789n, CZK -> "-1 234 567.89 CZK" with narrow spaces. */
export function money(minor: bigint | undefined, currency: string): string {
  return minor === undefined ? '' : `${decimal(minor, currency, '\u202f')}\u00a0${currency}`;
}

/** As an event carries it: "1234567.89". */
export function wireAmount(minor: bigint, currency: string): string {
  return decimal(minor, currency, '');
}

function decimal(minor: bigint, currency: string, between: string): string {
  const exponent = EXPONENTS.get(currency) ?? USUAL_EXPONENT;
  const digits = (minor < 0n ? -minor : minor).toString().padStart(exponent + 1, '0');
  const units = digits.slice(0, digits.length - exponent).replaceAll(/\B(?=(?:\d{3})+$)/g, between);
  const rest = exponent === 0 ? '' : `.${digits.slice(-exponent)}`;
  return `${minor < 0n ? '\u2212' : ''}${units}${rest}`;
}
