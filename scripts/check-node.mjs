// Plain old syntax, and no import: a Node too old for the rest must get as far as this message.
const OLDEST = [20, 19];

/** Ends the process with what to do when this Node.js is older than 20.19. */
export function checkNode() {
  const parts = process.versions.node.split('.').map(Number);
  if (parts[0] > OLDEST[0] || (parts[0] === OLDEST[0] && parts[1] >= OLDEST[1])) return;
  console.error(
    `Posthorn needs Node.js ${OLDEST.join('.')} or newer, and this is ${process.versions.node}.\n` +
      'Install a newer one from https://nodejs.org or with your version manager (nvm install 22), then try again.',
  );
  process.exit(1);
}
