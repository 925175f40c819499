// The tokens of the emulators, which a local stack takes: they have no signature.

/** In the name of a ready user, who signed in now. */
export function unsignedToken(project, email, role) {
  const nowS = Math.floor(Date.now() / 1000);
  const claims = { sub: email, email, email_verified: true, role, auth_time: nowS, iat: nowS, exp: nowS + 3600, iss: `https://securetoken.google.com/${project}`, aud: project };
  return [{ alg: 'none', type: 'JWT' }, claims, ''].map((part) => Buffer.from(part && JSON.stringify(part)).toString('base64url')).join('.');
}
