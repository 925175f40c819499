// What is said of a certificate that isn't trusted.

/** Without what Node 24 adds: what could be done about it. */
export const withoutHint = (detail) => detail.replace(/; if the root CA .* --use-system-ca(?=\)$)/, '');
