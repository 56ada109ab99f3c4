export { schema } from './closeout.ts';
