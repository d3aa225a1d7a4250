//! What looks like a secret and is none: code, words, hashes, templates, placeholders.
//!
//! A text that is redacted without need loses what the house was built to remember.

use crate::secrets::{has_secret, redact};

const CODE: &[&str] = &[
    "let token = parser.next_token();",
    "let token = tokens[0];",
    "token = self.next_token()",
    "token: &str,",
    "password: String,",
    "pub struct Login { password: String, token: Option<String> }",
    "function login(user: string, password: string): Promise<void>",
    "const password = process.env.DB_PASSWORD;",
    "password = os.environ[\"DB_PASSWORD\"]",
    "password = os.getenv(\"DB_PASSWORD\")",
    "api_key = settings.OPENAI_API_KEY",
    "apiKey: config.oracle.apiKey,",
    "ownerPrivateKey: Uint8Array,",
    "privateKey: ed25519Seed,",
    "password: config.get('REDIS_PASSWORD', undefined),",
    "password = env(\"GRAFANA_LOKI_API_KEY\")",
    "if password == expected_password {",
    "$user->password = $request->password;",
    "secret := vault.Read(path)",
    "auth_key = derive_key(password, salt)",
    "accessToken: 'new-access-token'",
    "idToken: 'mock-web3auth-token'",
    "autoComplete=\"current-password\"",
    "<input type=\"password\" name=\"password\" />",
    "\"password\": \"Password is required\"",
    "errors.password = 'invalid_password'",
    "token_type = \"bearer\"",
    "grant_type=refresh_token&scope=read",
    "nextPageToken: \"CAUQAA1234567890abcdef\"",
    "max_tokens: 4096",
    "tokens_used=1532",
    "token_count: 123456789",
    "TOKENIZERS_PARALLELISM=false",
    "PWD=/home/user/project",
    "SECRET_NAME=projects/app/secrets/db",
    "PUBLIC_KEY=MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE",
    "cache_key = \"5d41402abc4b2a76b9719d911017c592\"",
    "const CACHE_KEY = 'user-profile-settings-v2';",
    "crypto.token::Token::new",
    "pub const BATCH_BLOCK_KEY: CLUSCTL_CLUSTER_CODES = 117441086i32;",
    "pub const OTHER_PASSWORD: WIN32_ERROR = 2108u32;",
    "pub const InheritPrivateKey: X509RequestInheritOptions = 3i32;",
    "generate_private_key: x25519_generate_private_key,",
    "/// [`Token`]: ../struct.Token.html",
    "AuthPlugin::Sha256Password => \"sha256_password\",",
];

const TEMPLATES: &[&str] = &[
    "api_key: \"<your-key>\"",
    "ANTHROPIC_API_KEY=your-key-here",
    "export OPENAI_API_KEY=xxx",
    "API_TOKEN=${API_TOKEN}",
    "API_TOKEN=$API_TOKEN",
    "POSTGRES_PASSWORD: ${DB_PASSWORD:-postgres}",
    "password: {{ .Values.password }}",
    "password: \"{{.Env.MACOS_SIGN_PASSWORD}}\"",
    "GITHUB_TOKEN: ${{ secrets.GITHUB_TOKEN }}",
    "PASSWORD=changeme",
    "password: ********",
    "password=***",
    "TOKEN=...",
    "secret: example-secret",
    "Authorization: Bearer $TOKEN",
    "Authorization: Bearer ${TEE_WORKER_SECRET}",
    "Authorization: Bearer <token>",
    "Authorization: Bearer YOUR_ACCESS_TOKEN",
    "postgres://user:password@localhost/db",
    "postgres://user:${DB_PASSWORD}@localhost/db",
    "https://user:<password>@host/",
    "redis://:$REDIS_PASSWORD@cache:6379",
    "FOO_TOKEN=[redacted:token]",
    "https://me:[redacted:url-password]@host",
];

const WORDS: &[&str] = &[
    "work through the task-list and the risk-based plan of the disk-usage tool",
    "sk-learn and sk-image, or desk-lamp-with-a-very-long-name-of-thirty",
    "the bearer of this letter; Bearer authentication is used; Basic auth is not",
    "The secret is to keep it simple. The password is wrong. The token is expired.",
    "Tokens: 15320 in, 2210 out. Password: required. Secret: none.",
    "A key-value store; the api-gateway; sdk-version 3; re_export; hf_hub",
    "see curl --help and curl -u for more, or mysql -p to be asked",
    "docker run -u 1000:1000 alpine",
    "ssh -p 2222 me@host, git@github.com:owner/repo.git",
    "Wo ist das Passwort? Das Passwort: fehlt. 密码 password：无",
    "eyJ is how a JWT begins; eyJhbGciOiJIUzI1NiJ9... and so on",
    "-----BEGIN PRIVATE KEY----- is what opens it",
    "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
    "AKIA is the prefix, followed by 16 characters; ASIA is a continent",
    "the password is sha256-hashed, the secret is kept, the token is base64url",
    "then login with -p for the port",
    "machine learning and a login, then a password",
];

const PLAIN: &[&str] = &[
    "the password is wrong",
    "password is required!",
    "the password is: required",
    "the password is **required**, the passwd is wrong!!",
    "pw: yes",
    "the pw is fine; pw = width2; upwork: 12345678ab",
    "the password is derive256(seed), not more",
    "the passphrase is \"required\"",
    "passphrase(\"Enter the passphrase for key\")",
    "password: 'must have at least 8 characters'",
    "the password is missing/empty in config2",
];

const HASHES: &[&str] = &[
    "commit 886bcee1f0a3d2c4b5e6978812345678deadbeef",
    "550e8400-e29b-41d4-a716-446655440000",
    "\"sessionId\": \"0b6f1c1e-7a3c-4a7f-9d58-0d8f5b6f6a11\"",
    "checksum = \"2c4d7a9b1e3f5a6c8d0b2e4f6a8c0d1e3f5a7b9c1d3e5f7a9b0c2d4e6f8a0b1c\"",
    "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "\"integrity\": \"sha512-Rq4VbV4V1TzLBGM7gTqg2Fqn2y0Ztt3kMbJtKkQjv1u8zGq0xw7JqM9mUq8cX==\"",
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "//# sourceMappingURL=data:application/json;base64,eyJ2ZXJzaW9uIjozLCJzb3VyY2VzIjpbXX0=",
    "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUQk1Wb2p0c2FmZ2hqa2xwb2l1eXQwCgYIKoZIzj0EAwIw\n-----END CERTIFICATE-----",
    "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEabcdefghijklmnopqrstuvwxyz01\n-----END PUBLIC KEY-----",
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGm0c2FmZ2hqa2xwb2l1eXQwCgYIKoZIzj0 me@host",
    "requestId: req_011CXQfSMEyj8me94hvPTNfV, toolu_01A09q90qw90lq917835lq9",
];

const URLS: &[&str] = &[
    "https://github.com/owner/repo/pull/12#issuecomment-1234567890",
    "https://host:8443/path?page=2&sort=key&token_type=bearer",
    "git+ssh://git@github.com/owner/repo.git",
    "https://registry.npmjs.org/@types/node/-/node-22.0.0.tgz",
    "http://localhost:3000/@vite/client",
    "postgres://localhost:5432/shop",
    "postgres://localhost:5432/shop@v2",
    "postgres://me@localhost/shop@v2",
    "https://medium.com/@someone/how-to-keep-a-secret-1234567890ab",
    "https://hooks.slack.com/services/... and https://discord.com/api/webhooks/ID/TOKEN",
];

#[test]
fn what_is_no_secret_stays_byte_for_byte() {
    let all = [CODE, TEMPLATES, WORDS, PLAIN, HASHES, URLS].concat();
    assert!(all.len() >= 40);
    let changed: Vec<String> = all
        .iter()
        .filter(|text| has_secret(text) || redact(text).text != **text)
        .map(|text| format!("{text}\n  -> {}", redact(text).text))
        .collect();
    assert!(changed.is_empty(), "{}", changed.join("\n"));
}
