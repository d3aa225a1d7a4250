//! One planted secret for every kind, in every place a transcript may hold it.
//!
//! The secrets are made from a fixed sequence; none of them opens anything.

use std::collections::BTreeSet;

use crate::secrets::{Found, has_secret, redact, scan, shapes};

/// Returns `len` characters of the alphabet in an order that looks random and never changes.
pub(super) fn noise(alphabet: &str, len: usize, seed: u64) -> String {
    let letters: Vec<char> = alphabet.chars().collect();
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        letters[(state >> 33) as usize % letters.len()]
    };
    (0..len).map(|_| next()).collect()
}

const HEX: &str = "0123456789abcdef";
const LOWER: &str = "abcdefghijklmnopqrstuvwxyz0123456789";
const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const ALNUM: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

pub(super) fn hex(len: usize) -> String {
    noise(HEX, len, 7)
}

pub(super) fn alnum(len: usize) -> String {
    noise(ALNUM, len, 11)
}

/// A kind, what stands around the secret, and the secret: `{}` in the frame is its place.
pub(super) type Case = (&'static str, &'static str, String);

fn key(kind: &'static str, prefix: [&str; 2], body: &str) -> Case {
    (kind, "{}", format!("{}{}{body}", prefix[0], prefix[1]))
}

#[rustfmt::skip] // One key a line.
fn keys() -> Vec<Case> {
    vec![
        key("adafruit-key", ["ai", "o_"], &alnum(28)),
        key("age-key", ["AGE-SECRET", "-KEY-1"], &noise(UPPER, 58, 3)),
        key("alibaba-key", ["LT", "AI"], &alnum(20)),
        key("anthropic-key", ["sk-a", "nt-api03-"], &alnum(93)),
        key("artifactory-key", ["AK", "Cp"], &alnum(69)),
        key("atlassian-token", ["ATA", "TT3"], &alnum(180)),
        key("aws-access-key", ["AK", "IA"], &noise(UPPER, 16, 3)),
        key("aws-access-key", ["AKIA", "IOSFODNN7"], "EXAMPLE"),
        key("aws-bedrock-key", ["AB", "SK"], &alnum(128)),
        key("brevo-key", ["xkeys", "ib-"], &hex(64)),
        key("buildkite-token", ["bk", "ua_"], &hex(40)),
        key("circleci-token", ["CCI", "PAT_"], &alnum(62)),
        key("clojars-token", ["CLO", "JARS_"], &alnum(60)),
        key("contentful-token", ["CFP", "AT-"], &alnum(43)),
        key("crates-io-token", ["c", "io"], &alnum(32)),
        key("databricks-token", ["da", "pi"], &hex(32)),
        key("digitalocean-token", ["dop", "_v1_"], &hex(64)),
        key("docker-token", ["dckr", "_pat_"], &alnum(27)),
        key("doppler-token", ["dp", ".pt."], &alnum(43)),
        key("dynatrace-token", ["dt0", "c01."], &format!("{}.{}", noise(UPPER, 24, 2), noise(UPPER, 64, 4))),
        key("facebook-token", ["EA", "AC"], &alnum(120)),
        key("figma-token", ["fi", "gd_"], &alnum(40)),
        key("fireworks-key", ["f", "w_"], &alnum(24)),
        key("flutterwave-key", ["FLW", "SECK-"], &format!("{}-X", hex(32))),
        key("fly-token", ["fm", "2_"], &alnum(80)),
        key("github-token", ["gh", "p_"], &alnum(36)),
        key("github-token", ["gh", "o_"], &alnum(36)),
        key("github-token", ["gh", "u_"], &alnum(36)),
        key("github-token", ["gh", "s_"], &alnum(36)),
        key("github-token", ["gh", "r_"], &alnum(76)),
        key("github-token", ["github", "_pat_"], &format!("{}_{}", alnum(22), alnum(59))),
        key("gitlab-token", ["gl", "pat-"], &alnum(20)),
        key("google-api-key", ["AI", "za"], &alnum(35)),
        key("google-oauth-secret", ["GOC", "SPX-"], &alnum(28)),
        key("google-oauth-token", ["ya", "29."], &alnum(120)),
        key("grafana-token", ["gl", "sa_"], &format!("{}_{}", alnum(32), hex(8))),
        key("groq-key", ["gs", "k_"], &alnum(52)),
        key("heroku-key", ["HR", "KU-"], &alnum(60)),
        key("huggingface-token", ["h", "f_"], &alnum(34)),
        key("langsmith-key", ["lsv2", "_pt_"], &format!("{}_{}", hex(32), hex(10))),
        key("linear-key", ["lin", "_api_"], &alnum(40)),
        key("mailgun-key", ["k", "ey-"], &hex(32)),
        key("neon-key", ["na", "pi_"], &noise(LOWER, 64, 5)),
        key("netlify-token", ["n", "fp_"], &alnum(36)),
        key("new-relic-key", ["NR", "AK-"], &noise(UPPER, 27, 5)),
        key("notion-token", ["se", "cret_"], &alnum(43)),
        key("notion-token", ["n", "tn_"], &alnum(46)),
        key("npm-token", ["n", "pm_"], &alnum(36)),
        key("nuget-key", ["o", "y2"], &noise(LOWER, 43, 5)),
        key("onepassword-token", ["ops", "_eyJ"], &alnum(300)),
        key("openai-key", ["s", "k-"], &alnum(48)),
        key("openai-key", ["sk-", "proj-"], &alnum(120)),
        key("openrouter-key", ["sk-", "or-v1-"], &hex(64)),
        key("perplexity-key", ["pp", "lx-"], &alnum(48)),
        key("pinecone-key", ["pc", "sk_"], &alnum(69)),
        key("planetscale-token", ["pscale", "_tkn_"], &alnum(43)),
        key("postman-key", ["PM", "AK-"], &format!("{}-{}", hex(24), hex(34))),
        key("private-key", ["LS0tLS1CRUdJTiBSU0Eg", "UFJJVkFURSBLRVkt"], &alnum(800)),
        key("pulumi-token", ["p", "ul-"], &hex(40)),
        key("pypi-token", ["py", "pi-AgEIcHlwaS5vcmc"], &alnum(120)),
        key("replicate-token", ["r", "8_"], &alnum(37)),
        key("rubygems-key", ["ruby", "gems_"], &hex(48)),
        key("segment-token", ["s", "gp_"], &alnum(60)),
        key("sentry-token", ["sn", "trys_"], &alnum(140)),
        key("shopify-token", ["sh", "pat_"], &hex(32)),
        key("slack-token", ["xo", "xb-"], &format!("123456789012-1234567890123-{}", alnum(24))),
        key("slack-token", ["xa", "pp-"], &format!("1-A012-3456789012345-{}", hex(64))),
        key("sonar-token", ["s", "qp_"], &hex(40)),
        key("square-token", ["sq0", "atp-"], &alnum(22)),
        key("stripe-key", ["sk_l", "ive_"], &alnum(24)),
        key("stripe-key", ["rk_l", "ive_"], &alnum(24)),
        key("stripe-key", ["sk_t", "est_"], &alnum(24)),
        key("stripe-webhook-secret", ["wh", "sec_"], &alnum(32)),
        key("supabase-key", ["s", "bp_"], &hex(40)),
        key("tailscale-key", ["ts", "key-auth-"], &format!("{}-{}", alnum(17), alnum(32))),
        key("twilio-key", ["S", "K"], &hex(32)),
        key("typeform-token", ["t", "fp_"], &alnum(59)),
        key("vault-token", ["hv", "s."], &alnum(90)),
        key("vercel-token", ["vercel", "_blob_rw_"], &alnum(46)),
        key("xai-key", ["x", "ai-"], &alnum(80)),
        key("azure-client-secret", ["abC", "8Q"], &format!("~{}", alnum(34))),
        key("azure-devops-token", ["", ""], &format!("{}{}{}", alnum(76), "AZDO", alnum(4))),
        key("cloudflare-token", ["v1", ".0-"], &format!("{}-{}", hex(24), hex(146))),
        key("discord-token", ["MT", "A0"], &format!("{}.{}.{}", alnum(22), alnum(6), alnum(38))),
        key("jwt", ["ey", "J"], &format!("{}.{}{}.{}", alnum(33), concat!("ey", "J"), alnum(60), alnum(43))),
        key("launchdarkly-key", ["sd", "k-"], &format!("{}-{}-{}-{}-{}", hex(8), hex(4), hex(4), hex(4), hex(12))),
        key("mailchimp-key", ["", ""], &format!("{}-u{}", hex(32), "s21")),
        key("mapbox-token", ["sk", ".eyJ"], &format!("{}.{}", alnum(60), alnum(22))),
        key("new-relic-key", ["", ""], &format!("{}NR{}", hex(36), "AL")),
        key("paypal-token", ["access_", "token$production$"], &format!("{}${}", noise(LOWER, 16, 9), hex(32))),
        key("resend-key", ["r", "e_"], &format!("{}_{}", alnum(8), alnum(24))),
        key("sendgrid-key", ["S", "G."], &format!("{}.{}", alnum(22), alnum(43))),
        key("telegram-token", ["", ""], &format!("1234567890:A{}{}", "A", alnum(33))),
        key("terraform-token", ["", ""], &format!("{}.at{}.{}", alnum(14), "lasv1", alnum(67))),
    ]
}

#[rustfmt::skip] // One place a line.
fn placed() -> Vec<Case> {
    vec![
        ("authorization", "Authorization: Bearer {}", alnum(40)),
        ("authorization", "authorization: Basic {}", format!("{}==", alnum(22))),
        ("authorization", "\"Authorization\": \"token {}\"", alnum(40)),
        ("aws-secret-key", "aws_secret_access_key = {}", alnum(40)),
        ("aws-secret-key", "AWS Secret Access Key [None]: {}", alnum(40)),
        ("aws-signature", "https://b.s3.amazonaws.com/k?X-Amz-Signature={}&x=1", hex(64)),
        ("azure-sas", "https://a.blob.core.windows.net/c?sv=2022&sig={}&se=1", format!("{}%3D", alnum(43))),
        ("azure-storage-key", "AccountName=a;AccountKey={};EndpointSuffix=core", format!("{}==", alnum(86))),
        ("command-password", "sshpass -p {} ssh root@host", alnum(10)),
        ("command-password", "mysql -h db -u root -p{} shop", alnum(12)),
        ("command-password", "curl -s -u admin:{} https://host/api", alnum(12)),
        ("cookie", "Cookie: sid={}; theme=dark", alnum(40)),
        ("database-password", "postgres://app:{}@db.internal:5432/shop", alnum(14)),
        ("database-password", "mongodb+srv://app:{}@cluster0.mongodb.net/shop", alnum(14)),
        ("database-password", "redis://:{}@cache:6379/0", alnum(14)),
        ("database-password", "mysql://root:{}@127.0.0.1/shop", alnum(14)),
        ("database-password", "amqp://guest2:{}@mq:5672/", alnum(14)),
        ("database-password", "postgresql+asyncpg://app:{}@db/shop", alnum(14)),
        ("discord-webhook", "https://discord.com/api/webhooks/123456789012345678/{}", alnum(68)),
        ("docker-auth", "{\"auths\": {\"ghcr.io\": {\"auth\": \"{}\"}}}", alnum(32)),
        ("netrc-password", "machine api.host login me password {}", alnum(9)),
        ("slack-webhook", "https://hooks.slack.com/services/{}", format!("T{}/B{}/{}", noise(UPPER, 8, 2), noise(UPPER, 8, 3), alnum(24))),
        ("teams-webhook", "https://acme.webhook.office.com/webhookb2/{}", format!("{0}@{0}/IncomingWebhook/{1}", hex(32), hex(32))),
        ("twilio-auth", "curl https://x -d AC0123456789abcdef0123456789abcdef:{}", hex(32)),
        ("url-key", "https://maps.host/js?key={}&v=3", alnum(32)),
        ("url-password", "https://me:{}@git.host/repo.git", alnum(14)),
        ("url-password", "git clone https://{}@git.host/repo.git", alnum(40)),
        ("algolia-key", "ALGOLIA_ADMIN_KEY={}", hex(32)),
        ("azure-devops-token", "AZURE_DEVOPS_PAT={}", noise(LOWER, 52, 3)),
        ("cloudflare-token", "CLOUDFLARE_API_TOKEN={}", alnum(40)),
        ("datadog-key", "DATADOG_API_KEY: {}", hex(32)),
        ("discord-token", "DISCORD_TOKEN={}", alnum(40)),
        ("fastly-token", "FASTLY_API_TOKEN={}", alnum(32)),
        ("heroku-key", "HEROKU_API_KEY={}", format!("{}-{}-{}-{}-{}", hex(8), hex(4), hex(4), hex(4), hex(12))),
        ("jwt-secret", "JWT_SECRET={}", alnum(32)),
        ("mistral-key", "MISTRAL_API_KEY={}", alnum(32)),
        ("okta-token", "okta_api_token: \"{}\"", alnum(42)),
        ("paypal-token", "PAYPAL_CLIENT_SECRET={}", alnum(80)),
        ("twilio-auth", "TWILIO_AUTH_TOKEN={}", hex(32)),
        ("password", "password = '{}'", alnum(9)),
        ("password", "DB_PASSWORD={}", "correcthorsebattery".to_owned()),
        ("password", "Server=db;User Id=sa;Password={};Encrypt=true", "Str0ng!Pass!".to_owned()),
        ("password", "host=db user=app password={} dbname=shop", alnum(9)),
        ("password", "\"password\": \"{}\"", "hunter2".to_owned()),
        ("password", "{\\\"password\\\": \\\"{}\\\"}", "hunter2".to_owned()),
        ("password", "mytool --password {} --verbose", "hunter2".to_owned()),
        ("password", "the password is {}, do not share it", alnum(10)),
        ("password", "password: {}", "hunter2".to_owned()),
        ("password", "    12→DB_PASSWORD={}", "hunter2".to_owned()),
        ("password", "my password is {}", "hunter2".to_owned()),
        ("password", "my password is: {} ok", "Tr0ub4dor9xyzQ".to_owned()),
        ("password", "my passwd is {} ok", "Tr0ub4dor&5xyz".to_owned()),
        ("password", "the password is {}", "Tr0ub4dor&5xyz".to_owned()),
        ("password", "the password is {}.", "Tr0ub4dor;5xyz,9(b)[c]|d".to_owned()),
        ("password", "the password is {} and", "Tr0ub'4dor\"5xyz!".to_owned()),
        ("password", "the password was {}, I think", "Troub&dor-xyz".to_owned()),
        ("password", "das Passwort ist {}", "Tr0ub4dor&5xyz".to_owned()),
        ("password", "password = '{}'", "Tr0ub4dor&8 xyz".to_owned()),
        ("password", "the password is '{}' ok", "Tr0ub4dor&8 xyz".to_owned()),
        ("password", "pw: {}", "Tr0ub4dor&8xyz".to_owned()),
        ("password", "the pw is {} ok", "Tr0ub4dor&8xyz".to_owned()),
        ("password", "db_pw={}", "Tr0ub4dor8xyz".to_owned()),
        ("password", "password: {} ok", "Tr0ub4dor,8xyz;9".to_owned()),
        ("password", "the passphrase is \"{}\"", "correct horse battery staple".to_owned()),
        ("password", "passwd: {}", "Tr0ub4dor&3".to_owned()),
        ("password", "connect(host, password='{}')", "letmein".to_owned()),
        ("secret", "SECRET_KEY = '{}'", "django-insecure-abc123!@#def456".to_owned()),
        ("aws-secret-key", "export AWS_SECRET_ACCESS_KEY={}", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".to_owned()),
        ("command-password", "redis-cli -h cache -a {} ping", alnum(8)),
        ("command-password", "docker login -u me -p {} ghcr.io", alnum(8)),
        ("database-password", "postgres://app:{}@db.host/shop", "p@ss/w0rd".to_owned()),
        ("database-password", "jdbc:sqlserver://sa:{}@db.host:1433", alnum(8)),
        ("password", "<password>{}</password>", "hunter2".to_owned()),
        ("password", "passphrase: \"{}\"", "correct horse battery staple".to_owned()),
        ("secret", "\"client_secret\": \"{}\"", alnum(32)),
        ("secret", "export APP_SECRET='{}'", alnum(32)),
        ("secret", "SECRET_KEY_BASE={}", hex(128)),
        ("token", "https://host/cb?access_token={}&state=1", alnum(32)),
        ("token", "//registry.npmjs.org/:_authToken={}", format!("{}-{}-{}-{}-{}", hex(8), hex(4), hex(4), hex(4), hex(12))),
        ("token", "const TOKEN: &str = \"{}\";", alnum(32)),
        ("token", "os.environ[\"SERVICE_TOKEN\"] = \"{}\"", alnum(32)),
        ("token", "token => '{}',", alnum(32)),
        ("api-key", "api_key: \"{}\"", alnum(32)),
        ("api-key", "X-Api-Key: {}", alnum(32)),
        ("api-key", "https://host/v1?api_key={}&q=x", alnum(32)),
        ("key", "STRIPEISH_KEY=\"{}\"", alnum(32)),
    ]
}

// A key of eight lines under a heading that names it.
fn block(heading: &str, body: &str) -> String {
    format!("-----BEGIN {heading}-----\n{body}\n-----END {heading}-----")
}

pub(super) fn key_body() -> String {
    let lines: Vec<String> = (1..8).map(|seed| noise(ALNUM, 64, seed)).collect();
    format!("{}\nAbCd", lines.join("\n"))
}

fn blocks() -> Vec<Case> {
    let key = "PRIVATE KEY";
    let all = ["", "RSA ", "EC ", "DSA ", "OPENSSH ", "ENCRYPTED "];
    let mut cases: Vec<Case> = all
        .iter()
        .map(|name| {
            (
                "private-key",
                "{}",
                block(&format!("{name}{key}"), &key_body()),
            )
        })
        .collect();
    cases.push((
        "private-key",
        "{}",
        block(&format!("PGP {key} BLOCK"), &key_body()),
    ));
    let escaped = block(key, &key_body()).replace('\n', "\\n");
    cases.push((
        "gcp-service-account",
        "{\"private_key\": \"{}\\n\"}",
        escaped,
    ));
    cases
}

/// Every planted secret.
pub(super) fn cases() -> Vec<Case> {
    [keys(), placed(), blocks()].concat()
}

pub(super) fn planted(frame: &str, secret: &str) -> String {
    frame.replacen("{}", secret, 1)
}

#[test]
fn every_kind_is_found_where_it_is_planted() {
    let mut wrong = Vec::new();
    for (kind, frame, secret) in cases() {
        let text = planted(frame, &secret);
        let clean = redact(&text);
        let expected = planted(frame, &format!("[redacted:{kind}]"));
        let counted = clean.found == [Found { kind, count: 1 }];
        if clean.text != expected || !counted || !has_secret(&text) {
            wrong.push(format!("{kind}: {text}\n  -> {}", clean.text));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_kind_has_a_planted_secret() {
    let planted: BTreeSet<&str> = cases().iter().map(|case| case.0).collect();
    let known = scan::kinds();
    assert!(known.len() >= 30, "{}", known.len());
    assert_eq!(planted, known);
}

#[test]
fn every_pattern_of_the_table_compiles() {
    assert!(
        shapes::SHAPES
            .iter()
            .all(|shape| shape.find("", 0).is_none())
    );
}
