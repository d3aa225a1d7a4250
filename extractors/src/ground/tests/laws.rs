//! Laws: a copied rule is grounded, and any corruption of a number, name or negation is caught.

use proptest::prelude::*;

use super::*;

const SUBJECTS: &[&str] = &[
    "the importer",
    "staging",
    "the build",
    "our linter",
    "every migration",
    "the worker",
];

const RULES: &[&str] = &[
    "push to {name} after the release of {subject}",
    "set {name} to {number} in {subject}",
    "run {subject} with --limit={number} and {name}",
    "keep {name} below {number} for {subject}",
    "edit src/{name}.rs when {subject} reports {number} errors",
    "call {name}() from {subject} on port {number}",
];

fn rule() -> impl Strategy<Value = (String, String, u32)> {
    let names = "[a-z]{3,6}_[a-z]{3,6}|[a-z]{3,5}[A-Z][a-z]{3,5}";
    let parts = (0..RULES.len(), 0..SUBJECTS.len(), names, 20_u32..60_000);
    parts.prop_map(|(rule, subject, name, number)| {
        let text = RULES[rule]
            .replace("{name}", &name)
            .replace("{subject}", SUBJECTS[subject])
            .replace("{number}", &number.to_string());
        (text, name, number)
    })
}

/// Surrounds a sentence with talk that has neither rule nor number in it.
fn amid(sentence: &str) -> String {
    format!("Thanks, that looks good.\n{sentence}.\nCould you summarise what is left?")
}

fn checked(said_text: &str, quote: &str, claim: &str) -> Result<(), Ungrounded> {
    let lesson = lesson(claim, Some(claim), None);
    let candidate = candidate(lesson, vec![evidence(quote, Speaker::User)]);
    check(&candidate, &[said(&amid(said_text))])
}

proptest! {
    #[test]
    fn a_copied_rule_is_grounded((rule, _, _) in rule(), never in any::<bool>()) {
        let rule = if never { format!("never {rule}") } else { format!("always {rule}") };
        prop_assert_eq!(checked(&rule, &rule, &rule), Ok(()));
    }

    #[test]
    fn a_changed_number_is_caught((rule, _, number) in rule(), by in 1_u32..500) {
        // The year in which a turn was said may be named.
        prop_assume!(rule.contains(&number.to_string()) && number + by != 2026);
        let turned = rule.replace(&number.to_string(), &(number + by).to_string());
        let found = checked(&rule, &rule, &turned);
        prop_assert!(matches!(found, Err(Ungrounded::Unfounded(_))), "{:?}", found);
        prop_assert!(checked(&rule, &turned, &rule).is_err());
    }

    #[test]
    fn a_changed_name_is_caught((rule, name, _) in rule(), at in 0_usize..6, to in "[a-z]") {
        let mut letters: Vec<char> = name.chars().collect();
        let at = at % letters.len();
        let to = to.chars().next().expect("one letter");
        prop_assume!(letters[at].is_lowercase() && letters[at] != to);
        letters[at] = to;
        let turned = rule.replace(&name, &letters.iter().collect::<String>());
        let found = checked(&rule, &rule, &turned);
        prop_assert!(matches!(found, Err(Ungrounded::Unknown(_))), "{:?}", found);
    }

    #[test]
    fn a_turned_negation_is_caught((rule, _, _) in rule(), never in any::<bool>()) {
        let (rule, turned) = match never {
            true => (format!("never {rule}"), rule),
            false => (format!("always {rule}"), format!("never {rule}")),
        };
        let found = checked(&rule, &rule, &turned);
        prop_assert!(matches!(found, Err(Ungrounded::Polarity(_))), "{:?}", found);
        // A quote without its `never` still lies in the sentence that has it.
        prop_assert_eq!(checked(&rule, &turned, &rule).is_ok(), never);
    }

    #[test]
    fn no_text_makes_the_check_fall(text in any::<String>(), quote in any::<String>(), claim in any::<String>()) {
        let lesson = lesson(&claim, Some(&claim), Some(&claim));
        let candidate = candidate(lesson, vec![evidence(&quote, Speaker::User)]);
        let first = check(&candidate, &[said(&text)]);
        prop_assert_eq!(first, check(&candidate, &[said(&text)]));
    }
}
