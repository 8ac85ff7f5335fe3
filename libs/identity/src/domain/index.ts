export * from './member';
export { parsePublicJwk, verifyKeyProof } from '../../../submissions/src/domain/key';
