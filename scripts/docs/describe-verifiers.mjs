const code = (text) => `\`${text}\``;

/** A code block that stays folded until somebody wants it. */
const folded = (title, fence, text) =>
  [`<details><summary>${title}</summary>`, `\`\`\`${fence}\n${text.trimEnd()}\n\`\`\``, '</details>'].join('\n\n');

/** Every built-in profile's verifiers, a section each. */
export function describeVerifiers({ profiles, verifiers }) {
  const links = profiles.map(({ name }) => `[${name}](#${name})`).join(' · ');
  return [links, ...profiles.map((profile) => describeProfile(profile, verifiers))].join('\n\n');
}

function describeProfile({ name, signature }, { verifierLanguages, writeVerifier, writeKeyPairVerifier }) {
  const blocks = verifierLanguages.map((each) =>
    folded(each.name, each.language, writeVerifier(each.language, signature)),
  );
  const parts = [`### ${name}`, describeScheme(signature), ...blocks];
  if (signature.keyPair === null) return parts.join('\n\n');
  const forKeys = verifierLanguages.map((each) =>
    folded(`${each.name}, key pair`, each.language, writeKeyPairVerifier(each.language, signature)),
  );
  const intro = `Endpoints with a key pair instead of a secret; the receiver has public keys, ${code('whpk_…')}:`;
  return [...parts, intro, ...forKeys].join('\n\n');
}

/** What the code below it does, a sentence a line. */
function describeScheme({ header, signed, rotation, secretFormat, lead, headers, encoding, format }) {
  const text = signed.replaceAll(/\{(\w+)\}/g, '<$1>');
  const value = format.replaceAll('{signature}', `<${encoding}>`);
  const key = secretFormat === 'whsec' ? `the bytes after ${code('whsec_')}, in base64` : "the secret's text";
  const isSent = lead !== '' || headers.some(({ from }) => from === 'timestamp');
  const time = { true: 'signed and checked', false: isSent ? 'checked, but not signed' : 'not sent' };
  return [
    `The HMAC of ${code(text)} under ${key}, as ${code(value)} in ${code(header)};`,
    `during a rotation the new secret's ${rotation === 'list' ? 'beside it' : `in ${code(`${header}-Next`)}`}.`,
    `The time is ${time[signed.includes('{timestamp}')]}.`,
  ].join('\n');
}
