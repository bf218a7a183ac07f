//! Items as they are stored: a tag, a length and the bytes of each value. Names and texts are not escaped, numbers not printed.

use super::{Item, MAX_DEPTH, Number, Value};
use bytes::Bytes;

/// The stored form.
pub(crate) fn encode_item(item: &Item) -> Vec<u8> {
    let mut out = Vec::with_capacity(128);
    members(item, &mut out);
    out
}

/// Reads [`encode_item`] back; None where the bytes are no item.
pub(crate) fn decode_item(bytes: &[u8]) -> Option<Item> {
    let mut rest = bytes;
    let item = read_members(&mut rest, 0)?;
    rest.is_empty().then_some(item)
}

fn length(mut length: usize, out: &mut Vec<u8>) {
    while length >= 0x80 {
        out.push(u8::try_from(length & 0x7F).unwrap_or(0) | 0x80);
        length >>= 7;
    }
    out.push(u8::try_from(length).unwrap_or(0));
}

fn text(bytes: &[u8], out: &mut Vec<u8>) {
    length(bytes.len(), out);
    out.extend_from_slice(bytes);
}

fn members(item: &Item, out: &mut Vec<u8>) {
    length(item.len(), out);
    for (name, member) in item {
        text(name.as_bytes(), out);
        value(member, out);
    }
}

fn value(value_: &Value, out: &mut Vec<u8>) {
    match value_ {
        Value::Null => out.push(0),
        Value::Bool(false) => out.push(1),
        Value::Bool(true) => out.push(2),
        Value::S(it) => {
            out.push(3);
            text(it.as_bytes(), out);
        }
        Value::N(number) => {
            out.push(4);
            number.ordered(out);
        }
        Value::B(bytes) => {
            out.push(5);
            text(bytes, out);
        }
        Value::M(item) => {
            out.push(6);
            members(item, out);
        }
        Value::L(elements) => {
            out.push(7);
            length(elements.len(), out);
            elements.iter().for_each(|element| value(element, out));
        }
        Value::Ss(texts) => {
            out.push(8);
            length(texts.len(), out);
            texts.iter().for_each(|it| text(it.as_bytes(), out));
        }
        Value::Ns(numbers) => {
            out.push(9);
            length(numbers.len(), out);
            numbers.iter().for_each(|number| number.ordered(out));
        }
        Value::Bs(blobs) => {
            out.push(10);
            length(blobs.len(), out);
            blobs.iter().for_each(|blob| text(blob, out));
        }
    }
}

fn read_length(rest: &mut &[u8]) -> Option<usize> {
    let mut sum = 0_usize;
    for shift in (0..usize::BITS).step_by(7) {
        let (byte, tail) = rest.split_first()?;
        *rest = tail;
        sum |= usize::from(byte & 0x7F).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some(sum);
        }
    }
    None
}

fn read_bytes<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = read_length(rest)?;
    let (bytes, tail) = rest.split_at_checked(length)?;
    *rest = tail;
    Some(bytes)
}

fn read_text(rest: &mut &[u8]) -> Option<String> {
    std::str::from_utf8(read_bytes(rest)?).ok().map(str::to_owned)
}

fn read_number(rest: &mut &[u8]) -> Option<Number> {
    let (number, tail) = Number::from_ordered(rest)?;
    *rest = tail;
    Some(number)
}

fn read_members(rest: &mut &[u8], depth: usize) -> Option<Item> {
    let count = read_length(rest)?;
    (0..count).map(|_| Some((read_text(rest)?, read_value(rest, depth)?))).collect()
}

fn read_value(rest: &mut &[u8], depth: usize) -> Option<Value> {
    if depth > MAX_DEPTH {
        return None;
    }
    let (tag, tail) = rest.split_first()?;
    *rest = tail;
    Some(match tag {
        0 => Value::Null,
        1 => Value::Bool(false),
        2 => Value::Bool(true),
        3 => Value::S(read_text(rest)?),
        4 => Value::N(read_number(rest)?),
        5 => Value::B(Bytes::copy_from_slice(read_bytes(rest)?)),
        6 => Value::M(read_members(rest, depth + 1)?),
        7 => {
            let count = read_length(rest)?;
            Value::L((0..count).map(|_| read_value(rest, depth + 1)).collect::<Option<_>>()?)
        }
        8 => {
            let count = read_length(rest)?;
            Value::Ss((0..count).map(|_| read_text(rest)).collect::<Option<_>>()?)
        }
        9 => {
            let count = read_length(rest)?;
            Value::Ns((0..count).map(|_| read_number(rest)).collect::<Option<_>>()?)
        }
        10 => {
            let count = read_length(rest)?;
            Value::Bs(
                (0..count).map(|_| read_bytes(rest).map(Bytes::copy_from_slice)).collect::<Option<_>>()?,
            )
        }
        _ => return None,
    })
}
