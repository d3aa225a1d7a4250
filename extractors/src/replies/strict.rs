//! Reads mended XML strictly: one block, its fields, their attributes, and nothing else.
//!
//! It must not mend anything. What it refuses was mended badly, and is dropped with the reason.

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::draft::{Draft, Field};
use super::names::Name;

/// Reads one block.
pub(super) fn read(xml: &str) -> Result<Draft, String> {
    let mut reader = Reader::from_str(xml);
    let mut form = Form::default();
    loop {
        let event = reader.read_event().map_err(|error| error.to_string())?;
        if let Some(draft) = form.take(event)? {
            return Ok(draft);
        }
    }
}

#[derive(Default)]
struct Form {
    draft: Option<Draft>,
    open: Option<(Name, Field)>,
    is_closed: bool,
}

impl Form {
    /// Takes one event in; gives the draft at the end of the text.
    fn take(&mut self, event: Event<'_>) -> Result<Option<Draft>, String> {
        match event {
            Event::Start(start) => self.start(&start)?,
            Event::End(_) => self.end(),
            Event::Text(text) => self.text(&text.xml10_content())?,
            Event::GeneralRef(entity) => self.text(&resolve(&entity)?)?,
            // The reader reports the end without complaint while elements are open.
            Event::Eof if self.is_closed => return Ok(self.draft.take()),
            Event::Eof => return Err("it is not closed".to_owned()),
            other => return Err(format!("{other:?} has no place there")),
        }
        Ok(None)
    }

    fn start(&mut self, start: &BytesStart<'_>) -> Result<(), String> {
        let name = Name::of(start.name().as_ref());
        let foreign = || format!("<{}> has no place there", start.name().as_ref());
        let name = name.ok_or_else(foreign)?;
        let beside = attributes(start)?;
        match (&self.draft, &self.open) {
            (None, _) if name.is_block() => self.draft = Some(Draft::new(name, beside)),
            (Some(_), None) if name.is_field() && !self.is_closed => {
                let text = String::new();
                self.open = Some((name, Field { text, beside }));
            }
            _ => return Err(foreign()),
        }
        Ok(())
    }

    fn end(&mut self) {
        match (self.open.take(), &mut self.draft) {
            (Some((name, field)), Some(draft)) => draft.push(name, field),
            _ => self.is_closed = true,
        }
    }

    fn text(&mut self, text: &str) -> Result<(), String> {
        match &mut self.open {
            Some((_, field)) => field.text.push_str(text),
            None if text.trim().is_empty() => {}
            None => return Err("text stands outside its elements".to_owned()),
        }
        Ok(())
    }
}

fn attributes(start: &BytesStart<'_>) -> Result<Vec<(Name, String)>, String> {
    let mut found = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let key = attribute.key.as_ref();
        let name = Name::of(key).ok_or_else(|| format!("attribute {key:?} has no place there"))?;
        let value = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|error| error.to_string())?;
        found.push((name, value.into_owned()));
    }
    Ok(found)
}

/// Resolves the five predefined entities and character references; nothing else exists.
fn resolve(entity: &BytesRef<'_>) -> Result<String, String> {
    let name = entity.xml10_content();
    if let Some(c) = entity
        .resolve_char_ref()
        .map_err(|error| error.to_string())?
    {
        return Ok(c.to_string());
    }
    let known = quick_xml::escape::resolve_xml_entity(&name);
    let known = known.ok_or_else(|| format!("&{name}; means nothing"))?;
    Ok(known.to_owned())
}
