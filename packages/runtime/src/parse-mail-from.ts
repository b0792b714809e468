/** `a@b.example`, or `Name <a@b.example>` with or without quotes around the name. */
const SENDER =
  /^(?:"?(?<name>[^"<>\r\n]*?)"? *<(?<inside>[^\s<>@,;]+@[^\s<>@,;]+)>|(?<alone>[^\s<>@,;]+@[^\s<>@,;]+))$/;

/** The one address that mail is from, and its name, which may be empty; `undefined`: the text is something else. */
export function parseMailFrom(text: string): { name: string; address: string } | undefined {
  const { name = '', inside, alone } = SENDER.exec(text)?.groups ?? {};
  const address = inside ?? alone;
  return address === undefined ? undefined : { name, address };
}
