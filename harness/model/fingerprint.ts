import { X509Certificate } from 'node:crypto';

const certificate = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * The SHA-256 fingerprint of a certificate in PEM, in small letters and without colons. A bundle has one for each
 * certificate, in order, because each of them can sign a server's certificate.
 */
export const fingerprint = (pem: string): string =>
  (pem.match(certificate) ?? [])
    .map((each) => new X509Certificate(each).fingerprint256.replaceAll(':', '').toLowerCase())
    .join(' ');
