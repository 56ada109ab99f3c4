/** Checkpoints, as the other parts of the program see them. */

export { deferReason, unfinishedWork } from './defer.ts';
export { drain } from './drain.ts';
export { holdCheckpoints } from './hold.ts';
export { type CheckpointOutcome, editedBy, requestCheckpoint } from './request.ts';
export { sweep } from './sweep.ts';
