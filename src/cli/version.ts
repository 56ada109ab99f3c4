/** The version of package.json, put in by the build. */

declare const GIT_SESSION_VERSION: string | undefined;

export const VERSION = typeof GIT_SESSION_VERSION === 'string' ? GIT_SESSION_VERSION : 'source';
