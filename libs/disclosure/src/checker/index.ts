export { checkCertificate } from './certificate';
export type { CertificateVerdict } from './certificate';
