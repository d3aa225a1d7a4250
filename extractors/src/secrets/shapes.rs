//! The table of secrets that need more than a prefix: inner structure or the place they stand in.
//!
//! Each pattern is anchored where its literal stands and bounded, so the work stays linear.

use std::sync::LazyLock;

use regex::bytes::{Regex, RegexBuilder};

use super::edges::{stands_alone, starts_word};
use super::entropy::looks_random;
use super::placeholder::is_placeholder;
use super::span::{Rank, Span};

/// A kind of secret: a literal that calls the pattern, and the pattern whose group `s` is secret.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) kind: &'static str,
    pub(super) literals: &'static [&'static str],
    // How far before the literal the match may begin, and how far it may reach.
    back: usize,
    reach: usize,
    rank: Rank,
    proof: Proof,
    pattern: LazyLock<Regex>,
}

/// What besides the pattern is asked of the secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Proof {
    /// The pattern is enough, where it begins a word.
    Form,
    /// The pattern is enough, where neither `-` nor `_` stands before it either.
    Alone,
    /// The pattern is enough and knows its own edges.
    Inner,
    /// It must not be a template or a dummy.
    Value,
    /// It must look random too.
    Random,
    /// It must look random and have both cases; the makers' own example counts.
    Mixed,
}

impl Shape {
    /// Returns the secret around the literal that stands at `start`.
    pub(super) fn find(&self, text: &str, start: usize) -> Option<Span> {
        let bytes = text.as_bytes();
        let from = start.saturating_sub(self.back);
        // Asked before the pattern runs: it is cheaper, and it keeps `eyJeyJeyJ…` linear.
        let begins = match self.proof {
            Proof::Form => starts_word(bytes, from),
            Proof::Alone => stands_alone(bytes, from),
            Proof::Inner | Proof::Value | Proof::Random | Proof::Mixed => true,
        };
        if !begins {
            return None;
        }
        let to = bytes.len().min(start + self.reach);
        let found = self.pattern.captures(&bytes[from..to])?;
        let secret = found.name("s")?;
        let (begin, end) = (from + secret.start(), from + secret.end());
        let value = text.get(begin..end)?;
        let proven = match self.proof {
            Proof::Form | Proof::Alone | Proof::Inner => true,
            Proof::Value => !is_placeholder(value),
            Proof::Random => !is_placeholder(value) && looks_random(value),
            Proof::Mixed => looks_random(value) && has_both_cases(value),
        };
        proven.then_some(Span {
            start: begin,
            end,
            kind: self.kind,
            rank: self.rank,
        })
    }
}

macro_rules! shapes {
    ($($kind:literal $literals:expr, $back:literal..$reach:literal $rank:ident $proof:ident $pattern:literal;)*) => {
        /// Every kind of secret that a pattern finds around a literal.
        pub(super) static SHAPES: [Shape; [$($kind),*].len()] = [$(Shape {
            kind: $kind,
            literals: &$literals,
            back: $back,
            reach: $reach,
            rank: Rank::$rank,
            proof: Proof::$proof,
            pattern: LazyLock::new(|| compile($pattern)),
        }),*];
    };
}

fn has_both_cases(value: &str) -> bool {
    value.bytes().any(|b| b.is_ascii_lowercase()) && value.bytes().any(|b| b.is_ascii_uppercase())
}

fn compile(pattern: &str) -> Regex {
    let built = RegexBuilder::new(pattern).unicode(false).build();
    built.expect("a test compiles every pattern of the table")
}

shapes! {
    "authorization" ["earer ", "EARER "], 1..2048 Placed Random
        r"\A[bB](?i:earer)\s{1,4}(?P<s>[A-Za-z0-9._~+/=-]{12,})";
    "authorization" ["asic ", "ASIC "], 24..512 Placed Value
        r#"(?i:authorization)[\\"']{0,4}\s?[:=]\s?[\\"']{0,4}(?i:basic)\s{1,4}(?P<s>[A-Za-z0-9+/=]{8,})"#;
    "authorization" ["uthorization"], 1..512 Placed Random
        r#"\A[aA]uthorization[\\"']{0,4}\s?[:=]\s?[\\"']{0,4}(?:(?i:token|apikey|key|digest|negotiate)\s)?(?P<s>[A-Za-z0-9._~+/=-]{20,})"#;
    "aws-secret-key" ["AKIA", "ASIA"], 0..220 Placed Mixed
        r"\A[A-Z0-9]{20}[^A-Za-z0-9/+](?:[^\x00]{0,120}?[^A-Za-z0-9/+])?(?P<s>[A-Za-z0-9/+]{40})(?:[^A-Za-z0-9/+=]|\z)";
    "aws-secret-key" ["ecret Access Key", "ecret access key", "ecret_access_key", "ecretAccessKey", "ECRET_ACCESS_KEY"], 0..120 Placed Mixed
        r#"\A[A-Za-z_ ]{14,16}[^A-Za-z0-9/+\n]{1,20}(?:None[^A-Za-z0-9/+\n]{1,6})?(?P<s>[A-Za-z0-9/+]{40})(?:[^A-Za-z0-9/+=]|\z)"#;
    "aws-signature" ["X-Amz-Signature=", "X-Goog-Signature=", "X-Amz-Security-Token="], 0..4096 Placed Value
        r"\AX-[A-Za-z-]{12,20}=(?P<s>[A-Za-z0-9%+/=_-]{32,})";
    "azure-client-secret" ["Q~"], 4..48 Formed Form
        r"\A(?P<s>[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34})";
    "azure-devops-token" ["AZDO"], 76..84 Formed Form
        r"\A(?P<s>[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4})";
    "azure-sas" ["sig="], 1..512 Placed Random
        r"\A[?&;](?:amp;)?sig=(?P<s>[A-Za-z0-9%+/=_-]{30,})";
    "azure-storage-key" ["AccountKey=", "SharedAccessKey="], 0..256 Placed Value
        r"\A[A-Za-z]{10,16}=(?P<s>[A-Za-z0-9+/=]{20,})";
    "cloudflare-token" ["v1.0-"], 0..256 Formed Form
        r"\A(?P<s>v1\.0-[0-9a-f]{24}-[0-9a-f]{100,200})";
    "cookie" ["ookie:", "OOKIE:"], 1..2048 Placed Random
        r"\A[cC](?i:ookie):\s?[A-Za-z0-9_.%-]{1,80}=(?P<s>[A-Za-z0-9%+/=_.:~|-]{16,})";
    "command-password" ["sshpass -p"], 0..256 Placed Value
        r#"\Asshpass -p\s?["']?(?P<s>[^\s"'\\]{3,200})"#;
    "command-password" ["mysql", "mariadb"], 0..400 Placed Value
        r#"\A(?:mysql|mariadb)(?:dump|admin|import)?\s(?:[^\n|;&]{0,200}\s)?-p["']?(?P<s>[^\s"'=\\-][^\s"'\\]{3,120})"#;
    "command-password" ["curl "], 0..600 Placed Value
        r#"\Acurl\s(?:[^\n]{0,400}\s)?(?:-u|--user)[\s=]{0,2}["']?[^\s"':/\\]{1,100}:(?P<s>[^\s"'\\]{4,200})"#;
    "command-password" ["redis-cli "], 0..300 Placed Value
        r#"\Aredis-cli\s(?:[^\n|;&]{0,200}\s)?-a\s?["']?(?P<s>[^\s"'\\-][^\s"'\\]{3,120})"#;
    "command-password" [" login "], 0..300 Placed Value
        r#"\A login\s(?:[^\n|;&]{0,200}\s)?-p[\s=]["']?(?P<s>[^\s"'\\-][^\s"'\\]{5,200})"#;
    "discord-token" ["MT", "Mj", "Mz", "ND", "NT", "Nj", "Nz", "OD", "OT"], 0..128 Formed Form
        r"\A(?P<s>[MNO][A-Za-z0-9]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,60})";
    "discord-webhook" ["/api/webhooks/"], 0..256 Placed Value
        r"\A/api/webhooks/[0-9]{15,22}/(?P<s>[A-Za-z0-9_-]{50,100})";
    "docker-auth" ["\"auth\":", "\\\"auth\\\":"], 0..1024 Placed Random
        r#"\A\\{0,2}"auth\\{0,2}":\s{0,4}\\{0,2}"(?P<s>[A-Za-z0-9+/=]{16,})"#;
    "jwt" ["eyJ"], 0..65536 Formed Alone
        r"\A(?P<s>eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]{8,}){1,4}\.?)";
    "launchdarkly-key" ["sdk-", "api-"], 0..48 Formed Form
        r"\A(?P<s>(?:sdk|api)-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})";
    "mailchimp-key" ["-us"], 32..6 Formed Form
        r"\A(?P<s>[0-9a-f]{32}-us[0-9]{1,2})";
    "mapbox-token" ["sk.eyJ"], 0..512 Formed Form
        r"\A(?P<s>sk\.eyJ[A-Za-z0-9_-]{20,300}\.[A-Za-z0-9_-]{16,100})";
    "netrc-password" ["machine "], 0..400 Placed Value
        r#"\Amachine\s+[^\s]{1,120}\s+login\s+[^\s]{1,120}\s+password\s+(?P<s>[^\s"'\\]{3,120})"#;
    "new-relic-key" ["NRAL"], 36..4 Formed Form
        r"\A(?P<s>[0-9a-f]{36}NRAL)";
    "paypal-token" ["access_token$"], 0..160 Formed Form
        r"\A(?P<s>access_token\$(?:production|sandbox)\$[a-z0-9]{16}\$[0-9a-f]{32})";
    "resend-key" ["re_"], 0..48 Formed Form
        r"\A(?P<s>re_[A-Za-z0-9]{8}_[A-Za-z0-9]{24,32})";
    "sendgrid-key" ["SG."], 0..128 Formed Form
        r"\A(?P<s>SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{32,64})";
    "slack-webhook" ["hooks.slack.com/"], 0..256 Placed Value
        r"\Ahooks\.slack\.com/(?:services|workflows|triggers)/(?P<s>[A-Za-z0-9]{6,20}/[A-Za-z0-9]{6,20}/[A-Za-z0-9/]{16,80})";
    "teams-webhook" ["webhook.office.com/webhookb2/"], 0..400 Placed Value
        r"\Awebhook\.office\.com/webhookb2/(?P<s>[A-Za-z0-9@/-]{60,300})";
    "telegram-token" [":AA"], 11..40 Formed Inner
        r"(?:\A|[^0-9])(?P<s>[0-9]{8,10}:AA[A-Za-z0-9_-]{32,33})";
    "terraform-token" [".atlasv1."], 14..128 Formed Form
        r"\A(?P<s>[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{50,80})";
    "twilio-auth" ["AC"], 0..80 Formed Form
        r"\AAC[0-9a-f]{32}:(?P<s>[0-9a-f]{32})";
    "url-key" ["?key=", "&key="], 0..256 Placed Random
        r"\A[?&]key=(?P<s>[A-Za-z0-9_-]{20,})";
}
