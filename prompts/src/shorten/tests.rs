//! What a shortened text still tells.

use proptest::prelude::*;

use super::*;

fn log(lines: usize, error_at: usize, error: &str) -> String {
    let line = |at| match at == error_at {
        true => error.to_owned(),
        false => format!("step {at} went well and has nothing to say"),
    };
    (0..lines).map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn head_and_tail_stay_and_the_gap_says_its_size() {
    let text = log(100, 1000, "");
    let shown = shorten(&text, 200, Errors::Kept);
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(lines[0], "| step 0 went well and has nothing to say");
    assert_eq!(
        lines[lines.len() - 1],
        "| step 99 went well and has nothing to say"
    );
    let gaps: Vec<&&str> = lines.iter().filter(|line| !line.starts_with('|')).collect();
    assert_eq!(gaps, [&"[… 3,927 characters left out]"]);
    let kept = lines.iter().filter_map(|line| line.strip_prefix("| "));
    let kept: usize = kept.map(|line| line.len() + 1).sum();
    // The line breaks on both sides of the gap are counted with neither.
    assert!(
        text.len().abs_diff(kept + 3_927) <= 2,
        "all is shown or left out"
    );
}

#[test]
fn an_error_in_the_middle_is_kept_whole() {
    let error = format!(
        "error[E0277]: the trait bound `{}` is not satisfied",
        "T".repeat(200)
    );
    let shown = shorten(&log(100, 50, &error), 200, Errors::Kept);
    assert!(shown.contains(&format!("\n| {error}\n")), "{shown}");
    assert_eq!(shown.matches("left out]").count(), 2, "{shown}");
    let blind = shorten(&log(100, 50, &error), 200, Errors::LikeAnyLine);
    assert!(!blind.contains("E0277"));
}

#[test]
fn of_many_errors_the_first_ones_are_told() {
    let text = (0..500)
        .map(|at| format!("FAILED test_{at:03}"))
        .collect::<Vec<_>>()
        .join("\n");
    let shown = shorten(&text, 100, Errors::Kept);
    assert!(
        shown.contains("test_003") && shown.contains("test_020"),
        "{shown}"
    );
    assert!(shown.len() < 1_000, "{} bytes", shown.len());
}

#[test]
fn one_endless_line_is_cut_at_both_ends() {
    let shown = shorten(&"error ".repeat(10_000), 100, Errors::Kept);
    assert!(shown.len() < 900, "{} bytes", shown.len());
    assert!(shown.starts_with("| error") && shown.contains("characters left out]"));
}

#[test]
fn what_is_hardly_too_long_is_left_alone() {
    let text = "a".repeat(150);
    assert_eq!(shorten(&text, 100, Errors::Kept), format!("| {text}\n"));
}

#[test]
fn numbers_are_read_in_threes() {
    let shown: Vec<String> = [0, 12, 999, 1_240, 1_000_000].map(grouped).into();
    assert_eq!(shown, ["0", "12", "999", "1,240", "1,000,000"]);
}

proptest! {
    #[test]
    fn only_a_gap_stands_without_a_mark(text in "(?s)[a-z\n 使é|\\[\\]…]{0,600}", cap in 0_usize..200) {
        let text = lines::clean(&text);
        for line in shorten(&text, cap, Errors::Kept).lines() {
            let ours = line.starts_with("[… ") && line.ends_with(" characters left out]");
            prop_assert!(ours || line.starts_with('|'), "{line:?}");
        }
    }

    #[test]
    fn tokens_are_kept_to(text in "[a-z\n 使]{0,900}", tokens in 30_usize..200) {
        let shown = to_tokens(&lines::clean(&text), tokens);
        prop_assert!(estimate_tokens(&shown) <= tokens, "{shown}");
    }
}
