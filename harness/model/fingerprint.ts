import { X509Certificate } from 'node:crypto';

const certificate = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * SHA-256 of a certificate in PEM, as its fingerprint says it, in small letters and without colons. Of a bundle that of
 * each, in order: whoever holds any of them can sign a server's certificate.
 */
export const fingerprint = (pem: string): string =>
  (pem.match(certificate) ?? [])
    .map((each) => new X509Certificate(each).fingerprint256.replaceAll(':', '').toLowerCase())
    .join(' ');
