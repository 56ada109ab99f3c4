/** Checkpoints, as the other parts of the program see them. `sweep.ts` stands apart: what asks for git's status takes 5 ms to load. */

export { deferReason, unfinishedWork } from './defer.ts';
export { drain } from './drain.ts';
export { holdCheckpoints } from './hold.ts';
export { type CheckpointOutcome, editedBy, requestCheckpoint } from './request.ts';
