/** Every kind of step, by name: how often it is drawn, and how it is done to a repository and to its model. */

import type { Outcome } from '../draw.ts';
import type { World } from '../world.ts';
import * as agent from './agent.ts';
import { tried } from './attempt.ts';
import * as care from './care.ts';
import * as closing from './closing.ts';
import { KILLS } from './kill.ts';
import * as person from './person.ts';
import * as session from './session.ts';
import { redo, undo } from './undo.ts';

export type Step = (w: World, top: string) => Outcome | Promise<Outcome>;

export type Steps = Readonly<Record<string, readonly [weight: number, step: Step]>>;

export const PERSON: Steps = {
  edit: [14, person.edit],
  stage: [6, person.stage],
  commit: [7, person.commit],
  amend: [2, person.amend],
  stash: [2, person.stash],
  'reset --hard': [2, person.reset],
  'merge main': [2, person.mergeMain],
  rebase: [2, person.rebase],
  'revert a landing': [2, person.revert],
  'git switch': [4, person.switchByGit],
  'rename a branch': [2, person.rename],
  'delete a branch': [1, person.deleteBranch],
  'git worktree add': [1, person.addWorktree],
  'git worktree remove': [3, person.removeWorktree],
};

export const AGENT: Steps = {
  'agent edits': [18, agent.agentEdit],
  'task ends': [13, agent.taskEnd],
  'edit without a task': [2, agent.editAlone],
  'memory store': [14, agent.remember],
  'memory delete': [5, agent.forget],
  'memory get': [6, agent.recall],
  'memory list': [2, agent.recallAll],
  'pattern record': [2, agent.learn],
  adopt: [2, agent.adopt],
  promote: [2, agent.promote],
  'bring-in': [2, agent.bringIn],
};

export const SESSION: Steps = {
  start: [7, session.start],
  switch: [7, tried(session.planSwitch)],
  abandon: [5, tried(session.planAbandon)],
  restore: [4, tried(session.planRestore)],
  'restore --continue': [2, session.goOn],
  undo: [7, undo],
  'undo --redo': [2, redo],
  'closeout --prepare': [2, tried(closing.planPrepare)],
  reject: [1, closing.reject],
  closeout: [4, tried(closing.planCloseout)],
  list: [2, care.list],
  status: [2, care.status],
  gc: [1, care.gc],
  'backup export': [2, care.exportBackup],
  'backup import': [2, care.importBackup],
};

/** `kill -9` in the middle of these. */
export const KILL: Steps = Object.fromEntries(Object.entries(KILLS).map(([name, step]) => [`killed ${name}`, [2, step]]));
