import { transformSync } from '@swc/core';
import type { VerifierLanguage } from '../src/verifiers/write-verifier.ts';

/** A receiver's code, and whether its function takes the receiver's clock. */
export interface VerifierCode {
  readonly code: string;
  readonly takesNow: boolean;
}

interface Toolchain {
  /** Succeeds where the language is there, in a version that the code is written for. */
  readonly probe: readonly [string, ...string[]];
  /** The same for its verifiers of key pairs. */
  readonly keyPairProbe: readonly [string, ...string[]];
  /** The file of one verifier, and its text. */
  readonly file: (index: number, code: VerifierCode) => readonly [path: string, text: string];
  /** Reads the calls as JSON from stdin, and writes a list of verdicts. */
  readonly program: (codes: readonly VerifierCode[]) => Readonly<Record<string, string>>;
  readonly command: readonly [string, ...string[]];
}

/** TypeScript as Node.js 20 can run it. */
export const stripTypes = (code: string): string =>
  transformSync(code, { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } }).code;

const goCase = (code: VerifierCode, index: number): string =>
  `\tcase ${index}:\n\t\treturn v${index}.IsAuthentic(c.Body, headers, c.Keys${code.takesNow ? ', now' : ''})`;

const goMain = (codes: readonly VerifierCode[]): string => `package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"time"

${codes.map((_, index) => `\tv${index} "receiver/v${index}"`).join('\n')}
)

type call struct {
	Verifier int
	Body     []byte
	Headers  map[string][]byte
	Keys     []string
	Now      int64
}

func verify(c call) (verdict any) {
	defer func() {
		if failure := recover(); failure != nil {
			verdict = fmt.Sprint(failure)
		}
	}()
	headers, now := http.Header{}, time.Unix(c.Now, 0)
	for name, value := range c.Headers {
		headers.Set(name, string(value))
	}
	_ = now
	switch c.Verifier {
${codes.map(goCase).join('\n')}
	}
	return "no such verifier"
}

func main() {
	var calls []call
	if err := json.NewDecoder(os.Stdin).Decode(&calls); err != nil {
		panic(err)
	}
	verdicts := []any{}
	for _, c := range calls {
		verdicts = append(verdicts, verify(c))
	}
	json.NewEncoder(os.Stdout).Encode(verdicts)
}
`;

/** How each language runs a list of verifiers: every one in a file of its own, as it stands, and all in one process. */
export const toolchains: Readonly<Record<VerifierLanguage, Toolchain>> = {
  typescript: {
    probe: [process.execPath, '--version'],
    keyPairProbe: [process.execPath, '--version'],
    file: (index, { code }) => [`v${index}.mjs`, stripTypes(code)],
    program: () => ({
      'main.mjs': `import { readFileSync } from 'node:fs';
const verdicts = [];
for (const { verifier, body, headers, keys, now } of JSON.parse(readFileSync(0, 'utf8'))) {
  const { isAuthentic } = await import(\`./v\${verifier}.mjs\`);
  const read = Object.entries(headers).map(([name, value]) => [name, Buffer.from(value, 'base64').toString('latin1')]);
  try {
    verdicts.push(isAuthentic(Buffer.from(body, 'base64'), Object.fromEntries(read), keys, now));
  } catch (error) {
    verdicts.push(String(error));
  }
}
console.log(JSON.stringify(verdicts));
`,
    }),
    command: [process.execPath, 'main.mjs'],
  },
  python: {
    probe: ['python3', '-c', 'import sys; sys.exit(sys.version_info < (3, 10))'],
    keyPairProbe: ['python3', '-c', 'import cryptography'],
    file: (index, { code }) => [`v${index}.py`, code],
    // Some servers turn bytes that are not UTF-8 into halves of surrogate pairs; that is the hardest to take.
    program: (codes) => ({
      'main.py': `import base64, importlib, json, sys

TAKES_NOW = [${codes.map(({ takesNow }) => (takesNow ? 'True' : 'False')).join(', ')}]


def verify(call):
    module = importlib.import_module(f"v{call['verifier']}")
    body = base64.b64decode(call["body"])
    sent = {name: base64.b64decode(value) for name, value in call["headers"].items()}
    headers = {name: value.decode(errors="surrogateescape") for name, value in sent.items()}
    more = [call["now"]] if TAKES_NOW[call["verifier"]] else []
    try:
        return module.is_authentic(body, headers, call["keys"], *more)
    except Exception as error:
        return repr(error)


print(json.dumps([verify(call) for call in json.load(sys.stdin)]))
`,
    }),
    command: ['python3', 'main.py'],
  },
  go: {
    probe: ['go', 'version'],
    keyPairProbe: ['go', 'version'],
    file: (index, { code }) => [`v${index}/verifier.go`, code],
    program: (codes) => ({ 'go.mod': 'module receiver\n\ngo 1.18\n', 'main.go': goMain(codes) }),
    command: ['go', 'run', '.'],
  },
  php: {
    probe: ['php', '-r', 'exit(PHP_VERSION_ID < 80000 ? 1 : 0);'],
    keyPairProbe: ['php', '-r', "exit(extension_loaded('sodium') ? 0 : 1);"],
    file: (index, { code }) => [`v${index}.php`, code.replace('<?php\n', `<?php\n\nnamespace v${index};\n`)],
    program: (codes) => ({
      'main.php': `<?php
error_reporting(E_ALL);
set_error_handler(fn ($level, $message) => throw new ErrorException($message));
foreach (range(0, ${codes.length - 1}) as $index) {
    require __DIR__ . "/v$index.php";
}
$verdicts = [];
foreach (json_decode(file_get_contents('php://stdin'), true, 512, JSON_THROW_ON_ERROR) as $call) {
    $headers = array_map('base64_decode', $call['headers']);
    try {
        $body = base64_decode($call['body']);
        $verdicts[] = "v{$call['verifier']}\\\\isAuthentic"($body, $headers, $call['keys'], $call['now']);
    } catch (Throwable $error) {
        $verdicts[] = (string) $error;
    }
}
echo json_encode($verdicts, JSON_INVALID_UTF8_SUBSTITUTE);
`,
    }),
    command: ['php', 'main.php'],
  },
  ruby: {
    probe: ['ruby', '-e', 'exit(RUBY_VERSION >= "3.1")'],
    keyPairProbe: ['ruby', '-e', 'require "openssl"'],
    file: (index, { code }) => [`v${index}.rb`, code],
    program: (codes) => ({
      'main.rb': `require "json"

TAKES_NOW = [${codes.map(({ takesNow }) => String(takesNow)).join(', ')}]
verifiers = TAKES_NOW.each_index.map do |index|
  code = File.read(File.join(__dir__, "v#{index}.rb"), encoding: "UTF-8")
  Object.new.tap { |receiver| receiver.instance_eval(code) }
end
verdicts = JSON.parse($stdin.read, symbolize_names: true).map do |call|
  body = call[:body].unpack1("m")
  headers = call[:headers].to_h { |name, value| [name.to_s, value.unpack1("m").force_encoding("UTF-8")] }
  more = TAKES_NOW[call[:verifier]] ? { now: call[:now] } : {}
  verifiers[call[:verifier]].authentic?(body, headers, call[:keys], **more)
rescue StandardError => error
  error.full_message(highlight: false).scrub
end
puts JSON.generate(verdicts)
`,
    }),
    command: ['ruby', '-E', 'UTF-8:UTF-8', 'main.rb'],
  },
};
