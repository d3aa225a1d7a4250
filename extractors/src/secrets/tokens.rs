//! The table of keys that say themselves what they are: a prefix and a run of characters.
//!
//! One row a kind of key; nothing here reads a name or a place beside the key.

use super::edges::{Class, stands_alone, starts_word};
use super::entropy::looks_random;
use super::placeholder::is_filler;
use super::span::{Rank, Span};

use Class::{Alnum, Base64, Dash, Dotted, Hex, Lower, Upper, Word};

// Longer runs are blobs, not keys; the cap also bounds the work at each prefix.
const MAX_BODY: usize = 512;

/// A kind of key: any of the prefixes, then a run of the class within the lengths.
#[derive(Debug)]
pub(super) struct Token {
    pub(super) kind: &'static str,
    pub(super) prefixes: &'static [&'static str],
    class: Class,
    min: usize,
    max: usize,
    trust: Trust,
}

/// How far the prefix alone convinces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trust {
    /// Nothing else looks like this, wherever it stands.
    Prefix,
    /// It must begin a word.
    WordStart,
    /// Neither a letter, a digit, `-` nor `_` may stand before it.
    Alone,
    /// It must begin a word and its body must look random.
    Random,
}

impl Token {
    const fn new(
        kind: &'static str,
        prefixes: &'static [&'static str],
        class: Class,
        min: usize,
    ) -> Self {
        Self {
            kind,
            prefixes,
            class,
            min,
            max: MAX_BODY,
            trust: Trust::WordStart,
        }
    }

    const fn sure(self) -> Self {
        Self {
            trust: Trust::Prefix,
            ..self
        }
    }

    const fn alone(self) -> Self {
        Self {
            trust: Trust::Alone,
            ..self
        }
    }

    const fn random(self) -> Self {
        Self {
            trust: Trust::Random,
            ..self
        }
    }

    const fn exact(self) -> Self {
        Self {
            max: self.min,
            ..self
        }
    }

    const fn at_most(self, max: usize) -> Self {
        Self { max, ..self }
    }

    /// Returns the key whose prefix stands at `start..end`.
    pub(super) fn find(&self, text: &str, start: usize, end: usize) -> Option<Span> {
        let bytes = text.as_bytes();
        let begins = match self.trust {
            Trust::Prefix => true,
            Trust::Alone => stands_alone(bytes, start),
            Trust::WordStart | Trust::Random => starts_word(bytes, start),
        };
        if !begins {
            return None;
        }
        let stop = self.class.run_end(bytes, end, self.max + 1);
        let body = text[end..stop].trim_end_matches('.');
        let fits = (self.min..=self.max).contains(&body.len()) && !is_filler(body);
        let convinces = self.trust != Trust::Random || looks_random(body);
        let span = Span {
            start,
            end: end + body.len(),
            kind: self.kind,
            rank: Rank::Formed,
        };
        (fits && convinces).then_some(span)
    }
}

/// Every kind of key that is known by its prefix.
#[rustfmt::skip] // One key a line is what makes the table readable.
pub(super) static TOKENS: &[Token] = &[
    Token::new("adafruit-key", &["aio_"], Alnum, 28).exact(),
    Token::new("age-key", &["AGE-SECRET-KEY-1"], Upper, 40).sure(),
    Token::new("alibaba-key", &["LTAI"], Alnum, 16).at_most(26).random(),
    Token::new("anthropic-key", &["sk-ant-"], Dash, 20).sure(),
    Token::new("artifactory-key", &["AKCp"], Alnum, 60),
    Token::new("atlassian-token", &["ATATT3", "ATCTT3", "ATBB"], Dash, 28).random(),
    Token::new("aws-access-key", &["AKIA", "ASIA", "ABIA", "ACCA"], Upper, 16).exact(),
    Token::new("aws-bedrock-key", &["ABSK"], Base64, 100),
    Token::new("brevo-key", &["xkeysib-", "xsmtpsib-"], Dash, 40).sure(),
    Token::new("buildkite-token", &["bkua_"], Hex, 40).sure(),
    Token::new("circleci-token", &["CCIPAT_", "CCIPRJ_"], Word, 40).sure(),
    Token::new("clojars-token", &["CLOJARS_"], Alnum, 60).sure(),
    Token::new("contentful-token", &["CFPAT-"], Dash, 40).sure(),
    Token::new("crates-io-token", &["cio"], Alnum, 32).exact().random(),
    Token::new("databricks-token", &["dapi"], Hex, 32).at_most(34),
    Token::new("digitalocean-token", &["dop_v1_", "doo_v1_", "dor_v1_"], Hex, 60).sure(),
    Token::new("docker-token", &["dckr_pat_", "dckr_oat_"], Dash, 20).sure(),
    Token::new("doppler-token", &["dp.pt.", "dp.st.", "dp.ct.", "dp.sa.", "dp.scim.", "dp.audit."], Dotted, 40),
    Token::new("dynatrace-token", &["dt0c01.", "dt0s01.", "dt0s16."], Dotted, 60),
    Token::new("facebook-token", &["EAAC", "EAAB", "EAAG", "EAAM", "EAAD"], Alnum, 80),
    Token::new("figma-token", &["figd_", "figu_"], Dash, 36).sure(),
    Token::new("fireworks-key", &["fw_"], Alnum, 20).at_most(40).random(),
    Token::new("flutterwave-key", &["FLWSECK-", "FLWSECK_TEST-"], Dash, 12).sure(),
    Token::new("fly-token", &["fm1_", "fm2_", "fm1r_", "fm1a_", "fo1_"], Base64, 40).at_most(4096),
    Token::new("github-token", &["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], Word, 30).sure(),
    Token::new("github-token", &["github_pat_"], Word, 36).sure(),
    Token::new("gitlab-token", &["glpat-", "gldt-", "glrt-", "glptt-", "glft-", "glsoat-", "glcbt-", "glimt-", "glagent-", "gloas-"], Dotted, 20).sure(),
    Token::new("google-api-key", &["AIza"], Dash, 35).at_most(39),
    Token::new("google-api-key", &["AQ.Ab"], Dash, 30).random(),
    Token::new("google-oauth-secret", &["GOCSPX-"], Dash, 20).sure(),
    Token::new("google-oauth-token", &["ya29."], Dash, 30).at_most(2048),
    Token::new("google-oauth-token", &["1//0"], Dash, 40).random(),
    Token::new("grafana-token", &["glsa_", "glc_"], Word, 32),
    Token::new("groq-key", &["gsk_"], Alnum, 40),
    Token::new("heroku-key", &["HRKU-"], Dash, 30).sure(),
    Token::new("huggingface-token", &["hf_", "api_org_"], Alnum, 30).at_most(60).random(),
    Token::new("langsmith-key", &["lsv2_pt_", "lsv2_sk_"], Word, 32).sure(),
    Token::new("linear-key", &["lin_api_", "lin_oauth_"], Alnum, 30).sure(),
    Token::new("mailgun-key", &["key-"], Hex, 32).exact().alone(),
    Token::new("neon-key", &["napi_"], Lower, 50),
    Token::new("netlify-token", &["nfp_", "nfc_", "nfu_"], Alnum, 36).random(),
    Token::new("new-relic-key", &["NRAK-", "NRII-", "NRIQ-", "NRRA-"], Dash, 24).random(),
    Token::new("notion-token", &["ntn_"], Alnum, 40),
    Token::new("notion-token", &["secret_"], Alnum, 43).exact().random(),
    Token::new("npm-token", &["npm_"], Alnum, 36).at_most(60),
    Token::new("nuget-key", &["oy2"], Lower, 43).exact().random(),
    Token::new("onepassword-token", &["ops_eyJ"], Alnum, 100).at_most(2048).sure(),
    Token::new("openai-key", &["sk-proj-", "sk-svcacct-", "sk-admin-", "sk-None-"], Dash, 20).random(),
    Token::new("openai-key", &["sk-"], Alnum, 20).at_most(128).random(),
    Token::new("openrouter-key", &["sk-or-v1-"], Hex, 40).sure(),
    Token::new("perplexity-key", &["pplx-"], Alnum, 40),
    Token::new("pinecone-key", &["pcsk_"], Word, 40).sure(),
    Token::new("planetscale-token", &["pscale_tkn_", "pscale_pw_", "pscale_oauth_"], Dotted, 30).sure(),
    Token::new("postman-key", &["PMAK-", "PMAT-"], Dash, 26).random(),
    Token::new("private-key", &["LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVkt", "LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0t", "LS0tLS1CRUdJTiBPUEVOU1NIIFBSSVZBVEUg", "LS0tLS1CRUdJTiBFQyBQUklWQVRFIEtFWS0t"], Base64, 40).at_most(20_000),
    Token::new("pulumi-token", &["pul-"], Hex, 40).exact(),
    Token::new("pypi-token", &["pypi-Ag"], Dash, 50).sure(),
    Token::new("replicate-token", &["r8_"], Alnum, 37).exact(),
    Token::new("rubygems-key", &["rubygems_"], Hex, 48).exact().sure(),
    Token::new("segment-token", &["sgp_"], Word, 40),
    Token::new("sentry-token", &["sntrys_", "sntryu_"], Base64, 40).sure(),
    Token::new("shopify-token", &["shpat_", "shpca_", "shppa_", "shpss_", "shptka_"], Alnum, 32).sure(),
    Token::new("slack-token", &["xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xoxe-", "xoxc-", "xoxd-", "xapp-"], Dash, 20).random(),
    Token::new("sonar-token", &["sqp_", "squ_", "sqa_"], Hex, 40).exact(),
    Token::new("square-token", &["sq0atp-", "sq0csp-"], Dash, 22).sure(),
    Token::new("square-token", &["EAAA"], Dash, 60).at_most(64).random(),
    Token::new("stripe-key", &["sk_live_", "rk_live_", "sk_test_", "rk_test_"], Alnum, 16).random(),
    Token::new("stripe-webhook-secret", &["whsec_"], Base64, 24).random(),
    Token::new("supabase-key", &["sbp_"], Hex, 40),
    Token::new("supabase-key", &["sb_secret_"], Dash, 22).sure(),
    Token::new("tailscale-key", &["tskey-"], Dash, 20).random(),
    Token::new("twilio-key", &["SK"], Hex, 32).exact().alone(),
    Token::new("typeform-token", &["tfp_"], Dotted, 40),
    Token::new("vault-token", &["hvs.", "hvb.", "hvr."], Dash, 24),
    Token::new("vercel-token", &["vercel_blob_rw_", "vcp_", "vck_"], Word, 24).random(),
    Token::new("xai-key", &["xai-"], Alnum, 60),
];
