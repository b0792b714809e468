import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { rootFolder } from './root-folder.mjs';

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs a program in the root folder with this one's terminal and hands signals on to it.
 * Resolves with its exit code (128 + the signal's number when a signal ended it); throws when it cannot be started.
 */
export function runChild(file, args, environment = {}) {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ...environment };
    const child = spawn(file, args, { cwd: rootFolder, stdio: 'inherit', env });
    const forward = (signal) => child.kill(signal);
    for (const signal of FORWARDED) process.on(signal, forward);
    const done = () => {
      for (const signal of FORWARDED) process.off(signal, forward);
    };
    child.once('error', (error) => {
      done();
      reject(error);
    });
    child.once('exit', (code, signal) => {
      done();
      resolve(signal === null ? code : 128 + constants.signals[signal]);
    });
  });
}
