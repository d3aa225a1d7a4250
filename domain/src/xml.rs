//! The written form of a lesson: canonical XML, and the strict reader that takes back only that.
//!
//! Repairs nothing: what a model wrote loosely is mended by the extractors before it comes here.

use quick_xml::escape::escape;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use crate::{Lesson, Scope};

/// No element of a lesson may be longer than this many characters.
///
/// The longest of the memories in the hand-made gold set has 600; what is longer is no lesson.
pub const ELEMENT_CHARS: usize = 4_000;

/// Why a text is not a lesson's written form.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum XmlError {
    /// The text is not well-formed.
    #[error("the XML is broken at byte {at}: {detail}")]
    Broken {
        /// Where.
        at: u64,
        /// How.
        detail: String,
    },
    /// Something stands there that a lesson does not have.
    #[error("a memory has no {0}")]
    Foreign(String),
    /// The same element stands twice.
    #[error("<{0}> stands twice")]
    Twice(String),
    /// Something is missing.
    #[error("the memory has no {0}")]
    Missing(&'static str),
    /// An element is too long.
    #[error("<{0}> has more than {ELEMENT_CHARS} characters")]
    Long(String),
    /// A character that no text needs.
    #[error("control character {0:?} is refused")]
    Control(char),
    /// A word of a closed set is not in it.
    #[error(transparent)]
    Word(#[from] crate::UnknownWord),
}

/// Returns the lesson's canonical written form, on one line but for its own line breaks.
pub fn write(lesson: &Lesson) -> String {
    let mut out = format!(
        "<memory kind=\"{}\" scope=\"{}\">",
        lesson.kind,
        escape(lesson.scope.to_string())
    );
    element(&mut out, "what", Some(&lesson.what));
    element(&mut out, "when", lesson.when.as_deref());
    element(&mut out, "do", lesson.do_.as_deref());
    element(&mut out, "warn", lesson.warn.as_deref());
    out.push_str("</memory>");
    out
}

fn element(out: &mut String, name: &str, text: Option<&str>) {
    if let Some(text) = text {
        out.push_str(&format!("<{name}>{}</{name}>", escape(text)));
    }
}

/// Reads a lesson's written form: one `memory` with its elements once each, and nothing else.
pub fn read(text: &str) -> Result<Lesson, XmlError> {
    let mut reader = Reader::from_str(text);
    let mut form = Form::default();
    loop {
        let event = reader.read_event().map_err(|error| XmlError::Broken {
            at: reader.error_position(),
            detail: error.to_string(),
        })?;
        if form.take(event)? {
            return form.lesson();
        }
    }
}

/// What has been read so far.
#[derive(Default)]
struct Form {
    root: Option<(Option<String>, Option<String>)>,
    closed: bool,
    open: Option<(usize, String)>,
    elements: [Option<String>; 4],
}

const NAMES: [&str; 4] = ["what", "when", "do", "warn"];

impl Form {
    /// Takes one event in; true at the end of the text.
    fn take(&mut self, event: Event<'_>) -> Result<bool, XmlError> {
        match event {
            Event::Start(start) => self.start(&start)?,
            Event::Empty(start) => {
                self.start(&start)?;
                self.end();
            }
            Event::End(_) => self.end(),
            Event::Text(text) => self.text(&text.xml10_content())?,
            Event::CData(data) => self.text(&data.xml10_content())?,
            Event::GeneralRef(entity) => self.text(&resolve(&entity)?)?,
            // The reader reports the end without complaint while elements are open.
            Event::Eof if self.closed => return Ok(true),
            Event::Eof => return Err(XmlError::Missing("closing </memory>")),
            Event::Comment(_) => return Err(XmlError::Foreign("comment".to_owned())),
            Event::DocType(_) => return Err(XmlError::Foreign("document type".to_owned())),
            Event::Decl(_) | Event::PI(_) => {
                return Err(XmlError::Foreign("processing instruction".to_owned()));
            }
        }
        Ok(false)
    }

    fn start(&mut self, start: &BytesStart<'_>) -> Result<(), XmlError> {
        let name = start.name().as_ref().to_owned();
        if self.root.is_none() && name == "memory" {
            self.root = Some(attributes(start)?);
            return Ok(());
        }
        let known = NAMES.iter().position(|known| *known == name);
        let (Some(index), false, None) = (known, self.closed || self.root.is_none(), &self.open)
        else {
            return Err(XmlError::Foreign(format!("<{name}> there")));
        };
        if let Some(attribute) = start.attributes().next() {
            let found = attribute.map_or_else(|e| e.to_string(), |a| a.key.as_ref().to_owned());
            return Err(XmlError::Foreign(format!(
                "attribute {found:?} on <{name}>"
            )));
        }
        if self.elements[index].is_some() {
            return Err(XmlError::Twice(name));
        }
        self.open = Some((index, String::new()));
        Ok(())
    }

    fn end(&mut self) {
        match self.open.take() {
            Some((index, text)) => self.elements[index] = Some(text),
            None => self.closed = true,
        }
    }

    fn text(&mut self, text: &str) -> Result<(), XmlError> {
        let Some((index, so_far)) = &mut self.open else {
            return match text.trim() {
                "" => Ok(()),
                _ => Err(XmlError::Foreign("text outside its elements".to_owned())),
            };
        };
        if let Some(control) = text.chars().find(|c| is_refused(*c)) {
            return Err(XmlError::Control(control));
        }
        so_far.push_str(text);
        match so_far.chars().nth(ELEMENT_CHARS) {
            Some(_) => Err(XmlError::Long(NAMES[*index].to_owned())),
            None => Ok(()),
        }
    }

    fn lesson(self) -> Result<Lesson, XmlError> {
        let (kind, scope) = self.root.ok_or(XmlError::Missing("root <memory>"))?;
        let [what, when, do_, warn] = self.elements.map(|text| text.filter(|t| !t.is_empty()));
        Ok(Lesson {
            kind: kind.ok_or(XmlError::Missing("kind"))?.parse()?,
            scope: scope.map_or(Ok(Scope::Project), |scope| scope.parse())?,
            what: what.ok_or(XmlError::Missing("<what>"))?,
            when,
            do_,
            warn,
        })
    }
}

/// Returns whether a character is a control character that no lesson needs.
pub fn is_refused(c: char) -> bool {
    c.is_control() && c != '\n' && c != '\t'
}

fn attributes(start: &BytesStart<'_>) -> Result<(Option<String>, Option<String>), XmlError> {
    let (mut kind, mut scope) = (None, None);
    for attribute in start.attributes() {
        let broken = |detail: String| XmlError::Broken { at: 0, detail };
        let attribute = attribute.map_err(|error| broken(error.to_string()))?;
        let value = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|error| broken(error.to_string()))?;
        if let Some(control) = value.chars().find(|c| c.is_control()) {
            return Err(XmlError::Control(control));
        }
        match attribute.key.as_ref() {
            "kind" => kind = Some(value.into_owned()),
            "scope" => scope = Some(value.into_owned()),
            other => return Err(XmlError::Foreign(format!("attribute {other:?}"))),
        }
    }
    Ok((kind, scope))
}

/// Resolves the five predefined entities and character references; nothing else exists.
fn resolve(entity: &quick_xml::events::BytesRef<'_>) -> Result<String, XmlError> {
    let name = entity.xml10_content();
    let unknown = || XmlError::Foreign(format!("entity &{name};"));
    if let Some(c) = entity.resolve_char_ref().map_err(|_| unknown())? {
        return Ok(c.to_string());
    }
    let known = quick_xml::escape::resolve_xml_entity(&name).ok_or_else(unknown)?;
    Ok(known.to_owned())
}

#[cfg(test)]
mod tests;
