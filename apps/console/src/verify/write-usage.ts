import type { VerifierLanguage } from '@posthorn/wire/verifiers/write-verifier';

/** What an empty secret signs, anybody can sign: each of these stops where there is none. */
const usages: Readonly<Record<VerifierLanguage, (variable: string, takesNow: boolean) => string>> = {
  typescript: (variable) => `const key = process.env.${variable};
if (!key) throw new Error('${variable} is not set');

// Express; this stands before any express.json().
app.post('/webhooks', express.raw({ type: () => true, limit: '5mb' }), (request, response) => {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  response.sendStatus(isAuthentic(body, request.headers, [key]) ? 204 : 401);
});`,

  python: (variable) => `key = os.environ["${variable}"]
assert key


@app.post("/webhooks")  # Flask
def receive():
    authentic = is_authentic(request.get_data(), request.headers, [key])
    return "", 204 if authentic else 401`,

  go: (variable, takesNow) => `var key = os.Getenv("${variable}")

func receive(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 5<<20))
	if err != nil || key == "" || !webhooks.IsAuthentic(body, r.Header, []string{key}${takesNow ? ', time.Now()' : ''}) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}`,

  php: (variable) => `$key = getenv('${variable}') ?: throw new RuntimeException('${variable} is not set');
$body = file_get_contents('php://input');
$headers = array_change_key_case(getallheaders());
http_response_code(isAuthentic($body, $headers, [$key]) ? 204 : 401);`,

  ruby: (variable) => `KEY = ENV.fetch("${variable}")
raise "${variable} is empty" if KEY.empty?

# Rails
def receive
  head authentic?(request.raw_post, request.headers, [KEY]) ? :no_content : :unauthorized
end`,
};

/**
 * How a verifier is called with the raw body of a request.
 *
 * @param variable the environment variable that holds the key
 * @param takesNow whether the verifier checks the time
 */
export const writeUsage = (language: VerifierLanguage, variable: string, takesNow: boolean): string =>
  usages[language](variable, takesNow);
