//! Reads names: does `DB_PASSWORD` or `clientSecret` name a secret, and of what kind?
//!
//! Judges the name alone; `max_tokens`, `token_type` and `nextPageToken` name none.

/// A word that makes a name the name of a secret.
#[derive(Debug)]
pub(super) struct Word {
    /// The spellings that are searched for, by case.
    pub(super) spellings: &'static [&'static str],
    /// What such a name holds.
    pub(super) sort: Sort,
}

/// What a name says of its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// Something a person may have chosen, so it need not look random.
    Password,
    /// A shared secret.
    Secret,
    /// A token.
    Token,
    /// A key for a service.
    Key,
    /// Any key at all: only a value that is plainly random counts.
    AnyKey,
}

/// The words, each in the spellings that occur in code, shells and settings.
#[rustfmt::skip] // One word a line.
pub(super) static WORDS: &[Word] = &[
    Word { sort: Sort::Password, spellings: &["password", "Password", "PASSWORD", "passwd", "Passwd", "PASSWD", "passwort", "Passwort", "PASSWORT"] },
    Word { sort: Sort::Password, spellings: &["passphrase", "Passphrase", "PASSPHRASE", "passcode", "PASSCODE"] },
    Word { sort: Sort::Password, spellings: &["pwd", "Pwd", "PWD", "_pass", "_PASS"] },
    Word { sort: Sort::Password, spellings: &["pw", "Pw", "PW"] },
    Word { sort: Sort::Secret, spellings: &["secret", "Secret", "SECRET", "credential", "CREDENTIAL"] },
    Word { sort: Sort::Token, spellings: &["token", "Token", "TOKEN", "_PAT", "_auth", "_AUTH"] },
    Word { sort: Sort::Key, spellings: &["api_key", "api-key", "apikey", "apiKey", "ApiKey", "APIKey", "API_KEY", "APIKEY", "Api-Key", "API-Key", "API-KEY", "API key", "api key"] },
    Word { sort: Sort::Key, spellings: &["access_key", "access-key", "accesskey", "accessKey", "AccessKey", "ACCESS_KEY"] },
    Word { sort: Sort::Key, spellings: &["auth_key", "auth-key", "authkey", "authKey", "AuthKey", "AUTH_KEY"] },
    Word { sort: Sort::Key, spellings: &["private_key", "private-key", "privateKey", "PrivateKey", "PRIVATE_KEY"] },
    Word { sort: Sort::Key, spellings: &["encryption_key", "encryption-key", "encryptionKey", "EncryptionKey", "ENCRYPTION_KEY"] },
    Word { sort: Sort::Key, spellings: &["signing_key", "signingKey", "SigningKey", "SIGNING_KEY", "master_key", "masterKey", "MASTER_KEY", "account_key", "accountKey", "AccountKey", "ACCOUNT_KEY", "service_key", "serviceKey", "SERVICE_KEY"] },
    Word { sort: Sort::AnyKey, spellings: &["_KEY"] },
];

// What may follow the word and leave the name a secret's.
const TAILS: [&str; 20] = [
    "",
    "key",
    "keybase",
    "base",
    "value",
    "val",
    "dev",
    "prod",
    "test",
    "live",
    "staging",
    "old",
    "new",
    "plain",
    "plaintext",
    "string",
    "str",
    "accesskey",
    "token",
    "s",
];

// What may stand right before `token` or `key` and makes it something else.
const HEADS: [&str; 32] = [
    "next",
    "page",
    "pagination",
    "continuation",
    "sync",
    "cancel",
    "cancellation",
    "eos",
    "bos",
    "pad",
    "unk",
    "stop",
    "start",
    "end",
    "special",
    "mask",
    "sep",
    "cls",
    "public",
    "publishable",
    "primary",
    "foreign",
    "site",
    "anon",
    "cache",
    "sort",
    "partition",
    "idempotency",
    "hash",
    "storage",
    "query",
    "resume",
];

// Names that are worth a kind of their own, by a part of the name.
const VENDORS: [(&str, &str); 14] = [
    ("awssecret", "aws-secret-key"),
    ("secretaccesskey", "aws-secret-key"),
    ("cloudflare", "cloudflare-token"),
    ("heroku", "heroku-key"),
    ("twilio", "twilio-auth"),
    ("fastly", "fastly-token"),
    ("datadog", "datadog-key"),
    ("paypal", "paypal-token"),
    ("algolia", "algolia-key"),
    ("discord", "discord-token"),
    ("azuredevops", "azure-devops-token"),
    ("okta", "okta-token"),
    ("mistral", "mistral-key"),
    ("jwtsecret", "jwt-secret"),
];

/// Every kind that a name alone can give.
#[cfg(test)]
pub(super) fn kinds() -> Vec<&'static str> {
    let vendors = VENDORS.iter().map(|(_, kind)| *kind);
    ["password", "secret", "token", "api-key", "key"]
        .into_iter()
        .chain(vendors)
        .collect()
}

/// Returns whether a name with these parts around the word names a secret.
pub(super) fn names_secret(head: &str, tail: &str, sort: Sort) -> bool {
    let tail = tail.trim_end_matches(|c: char| c.is_ascii_digit());
    let plain = TAILS.iter().any(|known| letters(tail).eq(known.bytes()));
    let last = last_word(head);
    plain && (sort == Sort::Password || !HEADS.iter().any(|word| word.eq_ignore_ascii_case(last)))
}

/// Returns the kind of what stands under the name.
pub(super) fn kind_of(name: &str, sort: Sort) -> &'static str {
    let plain: String = letters(name).map(char::from).collect();
    let vendor = VENDORS.iter().find(|(part, _)| plain.contains(part));
    match (vendor, sort) {
        (Some((_, kind)), _) => kind,
        (None, Sort::Password) => "password",
        (None, Sort::Secret) => "secret",
        (None, Sort::Token) => "token",
        (None, Sort::Key) => "api-key",
        (None, Sort::AnyKey) => "key",
    }
}

// The name's letters and digits in lower case, without what joins its words.
fn letters(name: &str) -> impl Iterator<Item = u8> {
    name.bytes()
        .filter(u8::is_ascii_alphanumeric)
        .map(|byte| byte.to_ascii_lowercase())
}

// The last word of `nextPage`, `next_page_` or `NEXT_PAGE_` is `page`.
fn last_word(head: &str) -> &str {
    let head = head.trim_end_matches(['_', '-', '.']);
    let mixed = head.bytes().any(|byte| byte.is_ascii_lowercase());
    let starts = |c: char| mixed && c.is_ascii_uppercase();
    let from = head
        .rfind(|c| starts(c) || matches!(c, '_' | '-' | '.'))
        .unwrap_or(0);
    head[from..].trim_start_matches(['_', '-', '.'])
}
