// Exit statuses of npm start and of the commands in ops/.

export const EXIT_WRONG_ARGUMENTS = 2;
/** As a shell reports a process that a signal ended: 128 and the signal's number. */
export const EXIT_BY_SIGNAL = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };
