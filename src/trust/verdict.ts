/** What was found of a signature. */

export interface Verdict {
  ok: boolean;
  /** The approver's name in `.swarm/allowed_signers`, or the gpg user id's address; the expected one where the key is listed under several. */
  principal: string | null;
  /** Every name that the signature is good for. */
  principals: string[];
  /** Fingerprint: `SHA256:…`, or gpg's in upper case hex. */
  key: string | null;
  format: 'ssh' | 'gpg' | null;
  /** One line: what was found. */
  why: string;
}
