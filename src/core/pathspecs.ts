/** How git is to read our pathspecs. Pure; hot path. */

/** Each git of ours is told on its command line; what the caller's environment says to another git would contradict that, and git refuses both. */
export const PLAIN_PATHSPECS = {
  GIT_LITERAL_PATHSPECS: '0',
  GIT_GLOB_PATHSPECS: '0',
  GIT_NOGLOB_PATHSPECS: '0',
  GIT_ICASE_PATHSPECS: '0',
} as const;
