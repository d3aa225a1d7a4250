//! Reads a licence expression and says whether a list of accepted licences satisfies it.
//!
//! Knows SPDX's OR, AND, WITH and brackets, and the old slash; it knows no licence by itself.

use std::iter::Peekable;
use std::vec::IntoIter;

/// Says whether the licences in `accepted` are enough to use what `expression` offers.
///
/// # Errors
/// Returns what is wrong with an expression that cannot be read.
pub(crate) fn satisfied(expression: &str, accepted: &[String]) -> Result<bool, String> {
    let mut tokens = tokens(expression).into_iter().peekable();
    let answer = either(&mut tokens, accepted)?;
    match tokens.next() {
        None => Ok(answer),
        Some(token) => Err(format!("`{token}` was not expected")),
    }
}

type Tokens = Peekable<IntoIter<String>>;

fn tokens(expression: &str) -> Vec<String> {
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    spaced.split_whitespace().map(str::to_owned).collect()
}

fn either(tokens: &mut Tokens, accepted: &[String]) -> Result<bool, String> {
    let mut answer = both(tokens, accepted)?;
    while tokens.next_if(|token| token == "OR").is_some() {
        answer |= both(tokens, accepted)?;
    }
    Ok(answer)
}

fn both(tokens: &mut Tokens, accepted: &[String]) -> Result<bool, String> {
    let mut answer = one(tokens, accepted)?;
    while tokens.next_if(|token| token == "AND").is_some() {
        answer &= one(tokens, accepted)?;
    }
    Ok(answer)
}

fn one(tokens: &mut Tokens, accepted: &[String]) -> Result<bool, String> {
    let token = tokens.next().ok_or("it ends too early")?;
    if token == "(" {
        let answer = either(tokens, accepted)?;
        tokens
            .next_if(|token| token == ")")
            .ok_or("a bracket is not closed")?;
        return Ok(answer);
    }
    if [")", "OR", "AND", "WITH"].contains(&token.as_str()) {
        return Err(format!("`{token}` was not expected"));
    }
    if tokens.next_if(|token| token == "WITH").is_none() {
        return Ok(accepted.contains(&token));
    }
    // A licence with an exception is a licence of its own, as in cargo-deny.
    let exception = tokens.next().ok_or("it ends after WITH")?;
    Ok(accepted.contains(&format!("{token} WITH {exception}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expression: &str, expect: Result<bool, &str>) {
        let accepted = [
            "MIT",
            "Apache-2.0",
            "ISC",
            "GPL-2.0 WITH Bison-exception-2.2",
        ];
        let accepted = accepted.map(str::to_owned);
        let answer = satisfied(expression, &accepted);
        assert_eq!(
            answer.as_ref().map_err(String::as_str),
            expect.as_ref().map_err(|e| *e),
            "{expression}"
        );
    }

    #[test]
    fn one_accepted_choice_is_enough() {
        check("MIT", Ok(true));
        check("GPL-3.0", Ok(false));
        check("GPL-3.0 OR MIT", Ok(true));
        check("MIT/Apache-2.0", Ok(true));
        check("GPL-3.0 / MPL-2.0", Ok(false));
    }

    #[test]
    fn every_demanded_licence_must_be_accepted() {
        check("MIT AND ISC", Ok(true));
        check("MIT AND GPL-3.0", Ok(false));
    }

    #[test]
    fn and_binds_closer_than_or() {
        check("MIT OR Apache-2.0 AND GPL-3.0", Ok(true));
        check("(MIT OR Apache-2.0) AND GPL-3.0", Ok(false));
        check("(MIT OR GPL-3.0) AND (ISC OR GPL-3.0)", Ok(true));
    }

    #[test]
    fn an_exception_is_not_its_licence() {
        check("GPL-2.0 WITH Bison-exception-2.2", Ok(true));
        check("GPL-2.0", Ok(false));
        check("MIT WITH Bison-exception-2.2", Ok(false));
    }

    #[test]
    fn a_broken_expression_is_an_error_and_not_a_licence() {
        check("", Err("it ends too early"));
        check("MIT OR", Err("it ends too early"));
        check("(MIT", Err("a bracket is not closed"));
        check("MIT ISC", Err("`ISC` was not expected"));
        check("AND MIT", Err("`AND` was not expected"));
        check("MIT WITH", Err("it ends after WITH"));
    }
}
