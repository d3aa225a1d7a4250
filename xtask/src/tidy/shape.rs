//! The shape of a Rust file: its opening line, its length, the length of its functions.
//!
//! Counts with a brace counter, which is enough for code that rustfmt has laid out.

use super::Problem;
use crate::rust_text::{self, RustText};

/// A file is split before this many lines; one of tests may hold more cases.
const LINES_OF_A_FILE: usize = 400;
const LINES_OF_A_TEST_FILE: usize = 600;

/// Lines of code a function may have; blank lines, comments and rows of data do not count.
const LINES_OF_A_FUNCTION: usize = 60;

/// Returns what is wrong with the shape of a file.
pub(crate) fn check(source: &RustText) -> Vec<Problem> {
    let mut problems = Vec::new();
    let path = source.path.as_str();
    if !source.text.starts_with("//!") && !source.text.starts_with("#![doc") {
        problems.push(Problem::on_line(
            path,
            1,
            "the file does not open with `//!`, what it is for",
        ));
    }
    let (lines, most) = (source.text.lines().count(), most_lines(path));
    if lines > most {
        let says = format!("the file has {lines} lines; split it before {most}");
        problems.push(Problem::in_file(path, says));
    }
    for function in functions(source)
        .into_iter()
        .filter(|found| found.lines > LINES_OF_A_FUNCTION)
    {
        let says = format!(
            "`fn {}` has {} lines of code; split it before {LINES_OF_A_FUNCTION}",
            function.name, function.lines
        );
        problems.push(Problem::on_line(path, function.line, says));
    }
    problems
}

struct Function {
    name: String,
    line: usize,
    lines: usize,
}

fn most_lines(path: &str) -> usize {
    let of_tests = |part| ["tests", "tests.rs", "benches"].contains(&part);
    if path.split('/').any(of_tests) {
        LINES_OF_A_TEST_FILE
    } else {
        LINES_OF_A_FILE
    }
}

fn functions(source: &RustText) -> Vec<Function> {
    rust_text::words(&source.code, "fn")
        .filter_map(|at| function_at(source, at))
        .collect()
}

fn function_at(source: &RustText, at: usize) -> Option<Function> {
    let after = source.code[at + 2..].trim_start();
    let name: String = after
        .chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect();
    // `fn(u8) -> u8` is a type and has no name.
    let body = body(&source.code, at).filter(|_| !name.is_empty())?;
    let first = rust_text::line_of(&source.code, at);
    let last = rust_text::line_of(&source.code, body);
    let rows = source.code.lines().zip(source.text.lines());
    let counted = rows
        .skip(first - 1)
        .take(last + 1 - first)
        .filter(|(code, text)| counts(code, text));
    Some(Function {
        name,
        line: first,
        lines: counted.count(),
    })
}

/// Returns where the body of the function at `at` closes; `None` if it has none.
fn body(code: &str, at: usize) -> Option<usize> {
    let (mut brackets, mut braces) = (0_i32, 0_i32);
    for (offset, byte) in code.bytes().enumerate().skip(at) {
        match byte {
            b'(' | b'[' => brackets += 1,
            b')' | b']' => brackets -= 1,
            b';' if brackets == 0 && braces == 0 => return None,
            b'{' => braces += 1,
            b'}' if braces <= 1 => return Some(offset),
            b'}' => braces -= 1,
            _ => {}
        }
    }
    None
}

/// Says whether a line counts as code: it is neither blank nor one row of a table of data.
///
/// A row holds a literal and ends with a comma. Some arguments pass for rows that way, which
/// errs on the generous side.
fn counts(code: &str, text: &str) -> bool {
    let row = code.contains('"') && text.trim_end().ends_with(',');
    !code.trim().is_empty() && !row
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::shown;

    fn check_file(path: &str, text: &str, expect: &[&str]) {
        assert_eq!(
            shown(&check(&rust_text::read(path, text))),
            expect,
            "{path}"
        );
    }

    #[test]
    fn a_file_opens_with_what_it_is_for() {
        check_file("a/src/x.rs", "//! Does it.\n", &[]);
        check_file("a/src/x.rs", "#![doc = include_str!(\"x.md\")]\n", &[]);
        let says = "a/src/x.rs:1: the file does not open with `//!`, what it is for";
        check_file("a/src/x.rs", "// Does it.\n", &[says]);
        check_file("a/src/x.rs", "", &[says]);
    }

    #[test]
    fn a_long_file_is_split_sooner_than_one_of_tests() {
        let text = format!("//! X.\n{}", "//\n".repeat(400));
        check_file(
            "a/src/x.rs",
            &text,
            &["a/src/x.rs: the file has 401 lines; split it before 400"],
        );
        check_file("a/tests/x.rs", &text, &[]);
        check_file("a/src/x/tests.rs", &text, &[]);
    }

    fn with_function(line: &str, times: usize) -> String {
        format!(
            "//! X.\nfn first() {{}}\nfn long(a: [u8; 2]) {{\n{}}}\n",
            line.repeat(times)
        )
    }

    #[test]
    fn a_long_function_is_named() {
        let says = "x.rs:3: `fn long` has 61 lines of code; split it before 60";
        check_file("x.rs", &with_function("    go();\n", 59), &[says]);
        check_file("x.rs", &with_function("    go();\n", 58), &[]);
    }

    #[test]
    fn comments_blank_lines_and_data_do_not_count() {
        check_file(
            "x.rs",
            &with_function(
                "    // why\n\n    (\"a { row\", true),\n    key(\"a\"),\n",
                80,
            ),
            &[],
        );
    }

    #[test]
    fn a_declaration_without_a_body_has_no_length() {
        let text = format!(
            "//! X.\ntrait T {{ fn f(); }}\n{}",
            "const A: fn(u8) = g;\n".repeat(80)
        );
        check_file("x.rs", &text, &[]);
    }
}
