// A certificate authority of the test's own, and what it signs, made when the test runs: so there is no private key in the
// repository, nothing that expires one day, and no program or package needed for it. Node can't sign X.509, but it has the
// keys and the signature, and what is between them is some sixty lines of DER.

import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

const HOUR_MS = 3_600_000;

const encoded = (tag, ...parts) => {
  const content = Buffer.concat(parts);
  const length = content.length < 128
    ? Buffer.of(content.length)
    : content.length < 256 ? Buffer.of(0x81, content.length) : Buffer.of(0x82, content.length >> 8, content.length & 0xff);
  return Buffer.concat([Buffer.of(tag), length, content]);
};
const sequence = (...parts) => encoded(0x30, ...parts);
const set = (...parts) => encoded(0x31, ...parts);
const oid = (hex) => encoded(0x06, Buffer.from(hex, 'hex'));
const boolean = (value) => encoded(0x01, Buffer.of(value ? 0xff : 0));
const bits = (bytes, unused = 0) => encoded(0x03, Buffer.of(unused), bytes);
const octets = (bytes) => encoded(0x04, bytes);
const text = (value) => encoded(0x0c, Buffer.from(value));
const utcTime = (ms) => encoded(0x17, Buffer.from(`${new Date(ms).toISOString().replace(/\D/g, '').slice(2, 14)}Z`));
/** A number of 16 bytes that is above zero and needs no byte of padding. */
const serialNumber = () => encoded(0x02, Buffer.of(0x40), randomBytes(15));

const COMMON_NAME = oid('550403');
const BASIC_CONSTRAINTS = oid('551d13');
const KEY_USAGE = oid('551d0f');
const SUBJECT_ALT_NAME = oid('551d11');
const ECDSA_WITH_SHA256 = sequence(oid('2a8648ce3d040302'));
const VERSION_3 = encoded(0xa0, encoded(0x02, Buffer.of(2)));

const named = (name) => sequence(set(sequence(COMMON_NAME, text(name))));
const critical = (kind, value) => sequence(kind, boolean(true), octets(value));
const mayOnlySignCertificates = [critical(BASIC_CONSTRAINTS, sequence(boolean(true))), critical(KEY_USAGE, bits(Buffer.of(0x04), 2))];

function hosts(names) {
  const encodedHosts = names.map((name) => (/^[\d.]+$/.test(name)
    ? encoded(0x87, Buffer.from(name.split('.').map(Number)))
    : encoded(0x82, Buffer.from(name))));
  return sequence(SUBJECT_ALT_NAME, octets(sequence(...encodedHosts)));
}

const newKeys = () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const pem = (der) => `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;

function certificate({ issuer, signedWith, subject, publicKey, validFrom, validUntil, extensions }) {
  const signed = sequence(
    VERSION_3,
    serialNumber(),
    ECDSA_WITH_SHA256,
    named(issuer),
    sequence(utcTime(validFrom), utcTime(validUntil)),
    named(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    encoded(0xa3, sequence(...extensions)),
  );
  return pem(sequence(signed, ECDSA_WITH_SHA256, bits(sign('sha256', signed, signedWith))));
}

/** `{certificate, issue}`: the authority's own certificate, and a function that answers `{key, cert}` for these hosts. */
export function certificateAuthority(name) {
  const keys = newKeys();
  const now = Date.now();
  const own = certificate({
    issuer: name,
    signedWith: keys.privateKey,
    subject: name,
    publicKey: keys.publicKey,
    validFrom: now - 48 * HOUR_MS,
    validUntil: now + 48 * HOUR_MS,
    extensions: mayOnlySignCertificates,
  });

  function issue(names, { validFrom = now - HOUR_MS, validUntil = now + 24 * HOUR_MS } = {}) {
    const { publicKey, privateKey } = newKeys();
    const extensions = [hosts(names)];
    const cert = certificate({ issuer: name, signedWith: keys.privateKey, subject: names[0], publicKey, validFrom, validUntil, extensions });
    return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }), cert };
  }

  return { certificate: own, issue };
}

/** Periods of a certificate that are not now. */
export const ended = () => ({ validFrom: Date.now() - 24 * HOUR_MS, validUntil: Date.now() - HOUR_MS });
export const notBegun = () => ({ validFrom: Date.now() + HOUR_MS, validUntil: Date.now() + 24 * HOUR_MS });
