export type { PrintedCell } from '../reader/printed';
export type { ReadersProof } from '../reader/proof';
export { checkCertificate } from './certificate';
export type { CertificateVerdict } from './certificate';
export { faultInReadersProof, readersCheck } from './readers-proof';
export type { ReadersTable } from './readers-proof';
