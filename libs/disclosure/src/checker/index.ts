export { checkCertificate } from './certificate';
export type { CertificateVerdict } from './certificate';
export { faultInReadersProof } from './readers-proof';
