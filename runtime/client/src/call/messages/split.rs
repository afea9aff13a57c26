//! Splits a body into items, at any boundaries of chunks.

use bytes::{Bytes, BytesMut};

use super::events::Events;
use super::scan::Scan;

/// Format of the sequence of items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// A JSON array, or consecutive JSON values, usually one per line; the first byte decides.
    Json,
    /// Server-sent events.
    Events,
}

/// Reason for the end of the items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    /// The body ends within an item, or before the end of the array.
    CutOff,
    /// The body is empty.
    Empty,
    /// The body does not start like JSON.
    NotJson,
    /// The items are not separated as JSON requires.
    Syntax(&'static str),
    /// An item is longer than the limit.
    TooLong,
}

/// An item: JSON text that is not validated yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) text: Bytes,
    /// Whether it is the data of an event named `error`.
    pub(crate) failed: bool,
}

/// Splits a body into items. Buffers only the current chunk and an incomplete item.
pub(crate) struct Splitter {
    buffer: BytesMut,
    limit: usize,
    state: State,
}

enum State {
    /// Before the first byte of a JSON text.
    Start,
    Array(Place, Scan),
    Values(Scan),
    Events(Events),
    /// After the end of the stream.
    Done,
}

/// Position in an array.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// After `[`.
    First,
    /// After `,`.
    Next,
    /// After an item.
    Behind,
    /// After `]`.
    End,
}

impl Splitter {
    /// Creates a splitter for items of at most `limit` bytes.
    pub(crate) fn new(form: Form, limit: usize) -> Self {
        let state = match form {
            Form::Json => State::Start,
            Form::Events => State::Events(Events::default()),
        };
        Self { buffer: BytesMut::new(), limit, state }
    }

    /// Adds a chunk of the body.
    pub(crate) fn push(&mut self, chunk: &[u8]) {
        self.buffer.extend_from_slice(chunk);
    }

    /// Returns the bytes that are not part of an item yet.
    pub(crate) fn rest(&self) -> &[u8] {
        &self.buffer
    }

    /// Returns `true` if the body ended the stream, so that the rest is ignored.
    pub(crate) fn is_done(&self) -> bool {
        matches!(self.state, State::Done)
    }

    /// Returns `true` if all items have arrived, so that connection errors no longer matter.
    pub(crate) fn is_complete(&self) -> bool {
        matches!(self.state, State::Done | State::Array(Place::End, _))
    }

    /// Returns the next item, or `None` if it is not complete.
    ///
    /// # Errors
    ///
    /// If the body is malformed between items, or an item is too long.
    pub(crate) fn next(&mut self) -> Result<Option<Item>, Broken> {
        let item = self.split()?;
        let waiting = match (&item, &self.state) {
            (Some(item), _) => item.text.len(),
            (None, State::Events(events)) => self.buffer.len() + events.len(),
            (None, _) => self.buffer.len(),
        };
        if waiting > self.limit { Err(Broken::TooLong) } else { Ok(item) }
    }

    fn split(&mut self) -> Result<Option<Item>, Broken> {
        loop {
            match &mut self.state {
                State::Done => {
                    self.buffer.clear();
                    return Ok(None);
                }
                State::Start => match first_byte(&mut self.buffer) {
                    None => return Ok(None),
                    Some(b'[') => {
                        let _ = self.buffer.split_to(1);
                        self.state = State::Array(Place::First, Scan::default());
                    }
                    Some(b'{') => self.state = State::Values(Scan::default()),
                    Some(_) => return Err(Broken::NotJson),
                },
                State::Values(scan) => return Ok(value(&mut self.buffer, scan)),
                State::Array(place, scan) => return array(&mut self.buffer, place, scan),
                State::Events(events) => {
                    let (data, failed) = match events.next(&mut self.buffer) {
                        Some(event) => event,
                        None => return Ok(None),
                    };
                    if data.trim_ascii() == b"[DONE]" {
                        self.state = State::Done;
                        continue;
                    }
                    return Ok(Some(Item { text: data, failed }));
                }
            }
        }
    }

    /// Returns the last item, once the body has ended and [`next`](Self::next) has no item.
    ///
    /// # Errors
    ///
    /// If the body ended too early.
    pub(crate) fn finish(&mut self) -> Result<Option<Item>, Broken> {
        let state = std::mem::replace(&mut self.state, State::Done);
        match state {
            State::Start => Err(Broken::Empty),
            State::Done | State::Array(Place::End, _) => Ok(None),
            State::Array(..) => Err(Broken::CutOff),
            State::Values(_) if self.buffer.is_empty() => Ok(None),
            State::Values(scan) if scan.ends_with_text() => {
                Ok(Some(plain(self.buffer.split().freeze())))
            }
            State::Values(_) => Err(Broken::CutOff),
            // The last event may lack the blank line after it, but not a part of its value.
            State::Events(mut events) => match events.finish(&mut self.buffer) {
                None => Ok(None),
                Some((data, _)) if data.trim_ascii() == b"[DONE]" => Ok(None),
                Some((data, failed)) if Scan::is_whole(&data) => {
                    Ok(Some(Item { text: data, failed }))
                }
                Some(_) => Err(Broken::CutOff),
            },
        }
    }
}

fn plain(text: Bytes) -> Item {
    Item { text, failed: false }
}

/// Removes whitespace and returns the byte after it.
fn first_byte(buffer: &mut BytesMut) -> Option<u8> {
    let space = buffer.iter().take_while(|byte| is_space(**byte)).count();
    let _ = buffer.split_to(space);
    buffer.first().copied()
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}

/// Removes a value from the start of the buffer.
fn value(buffer: &mut BytesMut, scan: &mut Scan) -> Option<Item> {
    if scan.is_outside() {
        first_byte(buffer)?;
    }
    let end = scan.end(buffer)?;
    *scan = Scan::default();
    Some(plain(buffer.split_to(end).freeze()))
}

fn array(
    buffer: &mut BytesMut,
    place: &mut Place,
    scan: &mut Scan,
) -> Result<Option<Item>, Broken> {
    loop {
        if scan.is_outside() {
            let Some(byte) = first_byte(buffer) else { return Ok(None) };
            let next = match (*place, byte) {
                (Place::First | Place::Behind, b']') => Place::End,
                (Place::Behind, b',') => Place::Next,
                (Place::Behind, _) => return Err(Broken::Syntax("expected `,` or `]`")),
                (Place::Next, b']') => return Err(Broken::Syntax("trailing comma")),
                (Place::End, _) => return Err(Broken::Syntax("trailing characters")),
                (Place::First | Place::Next, b',') => {
                    return Err(Broken::Syntax("expected a value"));
                }
                (Place::First | Place::Next, _) => *place,
            };
            if next != *place {
                *place = next;
                let _ = buffer.split_to(1);
                continue;
            }
        }
        let item = value(buffer, scan);
        if item.is_some() {
            *place = Place::Behind;
        }
        return Ok(item);
    }
}
