//! A filled prompt: its name with its version, and the request that is to be frozen.
//!
//! Knows no prompt; it only puts the pieces of one together.

use domain::{Request, Schema};

use crate::text::Text;

/// The form in which the reply is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// XML, of every model.
    Xml,
    /// JSON, of a model that can promise to keep a schema.
    Json,
}

impl Form {
    /// The section of a prompt that asks for this form.
    fn section(self) -> &'static str {
        match self {
            Self::Xml => "xml",
            Self::Json => "json",
        }
    }
}

/// What is said to a model, and by which prompt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// The prompt with its version: `extract/1`.
    pub prompt: String,
    /// What is sent.
    pub request: Request,
}

/// Returns what a prompt tells the model to do, with these values in it.
pub(crate) fn system(text: &Text, form: Form, values: &[(&str, &str)]) -> String {
    let answer = text.section(form.section());
    let values = [values, &[("answer", answer)]].concat();
    text.fill("system", &values)
}

/// Puts a request together.
pub(crate) fn filled(
    text: &Text,
    form: Form,
    system: String,
    user: String,
    max_output_tokens: u32,
) -> Filled {
    let schema = match form {
        Form::Xml => None,
        Form::Json => Some(Schema {
            name: text.name.to_owned(),
            json: text.schema.to_owned(),
        }),
    };
    Filled {
        prompt: text.prompt(),
        request: Request {
            system,
            user,
            schema,
            max_output_tokens,
        },
    }
}
