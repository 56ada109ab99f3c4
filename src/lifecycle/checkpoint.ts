/** Checkpoints, as the other parts of the program see them. */

export { deferReason } from './defer.ts';
export { type DrainReport, drain } from './drain.ts';
export { type CheckpointOptions, type CheckpointOutcome, requestCheckpoint } from './request.ts';
export { type SweepOutcome, sweep } from './sweep.ts';
