use crate::key::{EncodesAs, encode_open_bytes};
use names::{AccountId, Arn, Region, Timestamp};

/// The last element of a prefix, where it is only the beginning of a text: `("bucket", StartsWith("photos/"))`.
#[derive(Debug, Clone, Copy)]
pub struct StartsWith<'a>(pub &'a str);

/// The beginning of a key of type `K`: `()` for all, the first elements of a tuple, the last of which may be [`StartsWith`];
/// for a `String` key a [`StartsWith`].
pub trait PrefixOf<K> {
    /// Appends the bytes with which the keys begin.
    fn encode_prefix(&self, out: &mut Vec<u8>);
}

impl<K> PrefixOf<K> for () {
    fn encode_prefix(&self, _: &mut Vec<u8>) {}
}

impl PrefixOf<String> for StartsWith<'_> {
    fn encode_prefix(&self, out: &mut Vec<u8>) {
        encode_open_bytes(self.0.as_bytes(), out);
    }
}

impl<K, T: PrefixOf<K>> PrefixOf<K> for &T {
    fn encode_prefix(&self, out: &mut Vec<u8>) {
        (**self).encode_prefix(out);
    }
}

macro_rules! prefix {
    // Whole elements, then the rest of the tuple that they leave open.
    ([$($key:ident $like:ident $index:tt),+] [$($rest:ident),*]) => {
        impl<$($key,)+ $($rest,)* $($like: EncodesAs<$key>),+> PrefixOf<($($key,)+ $($rest,)*)> for ($($like,)+) {
            fn encode_prefix(&self, out: &mut Vec<u8>) {
                $(self.$index.encode(out);)+
            }
        }
    };
}

macro_rules! open_prefix {
    // Whole elements, a text that is only begun, then the rest.
    ([$($key:ident $like:ident $index:tt),*] $open:tt [$($rest:ident),*]) => {
        impl<$($key,)* $($rest,)* $($like: EncodesAs<$key>),*> PrefixOf<($($key,)* String, $($rest,)*)> for ($($like,)* StartsWith<'_>,) {
            fn encode_prefix(&self, out: &mut Vec<u8>) {
                $(self.$index.encode(out);)*
                encode_open_bytes(self.$open.0.as_bytes(), out);
            }
        }
    };
}

prefix!([A X 0] []);
prefix!([A X 0] [B]);
prefix!([A X 0] [B, C]);
prefix!([A X 0] [B, C, D]);
prefix!([A X 0] [B, C, D, E]);
prefix!([A X 0, B Y 1] []);
prefix!([A X 0, B Y 1] [C]);
prefix!([A X 0, B Y 1] [C, D]);
prefix!([A X 0, B Y 1] [C, D, E]);
prefix!([A X 0, B Y 1, C Z 2] []);
prefix!([A X 0, B Y 1, C Z 2] [D]);
prefix!([A X 0, B Y 1, C Z 2] [D, E]);
prefix!([A X 0, B Y 1, C Z 2, D W 3] []);
prefix!([A X 0, B Y 1, C Z 2, D W 3] [E]);
open_prefix!([] 0 []);
open_prefix!([] 0 [B]);
open_prefix!([] 0 [B, C]);
open_prefix!([] 0 [B, C, D]);
open_prefix!([A X 0] 1 []);
open_prefix!([A X 0] 1 [C]);
open_prefix!([A X 0] 1 [C, D]);
open_prefix!([A X 0, B Y 1] 2 []);
open_prefix!([A X 0, B Y 1] 2 [D]);
open_prefix!([A X 0, B Y 1, C Z 2] 3 []);

/// The beginning of an index's key. The index's type is known only where its entries are made, so any key will do here: a whole
/// element or the first elements of the tuple, of the same types, the last of which may be [`StartsWith`]; `()` for all.
pub trait IndexPrefix {
    /// Appends the bytes with which the entries begin.
    fn encode_prefix(&self, out: &mut Vec<u8>);
}

impl IndexPrefix for () {
    fn encode_prefix(&self, _: &mut Vec<u8>) {}
}

impl IndexPrefix for StartsWith<'_> {
    fn encode_prefix(&self, out: &mut Vec<u8>) {
        encode_open_bytes(self.0.as_bytes(), out);
    }
}

impl<T: IndexPrefix + ?Sized> IndexPrefix for &T {
    fn encode_prefix(&self, out: &mut Vec<u8>) {
        (**self).encode_prefix(out);
    }
}

macro_rules! element {
    ($($like:ty => $key:ty),+) => {$(
        impl IndexPrefix for $like {
            fn encode_prefix(&self, out: &mut Vec<u8>) {
                EncodesAs::<$key>::encode(self, out);
            }
        }
    )+};
}

element!(
    str => String, String => String, [u8] => Vec<u8>, Vec<u8> => Vec<u8>, AccountId => AccountId, Region => Region, Arn => Arn,
    Timestamp => Timestamp, bool => bool, u8 => u8, u16 => u16, u32 => u32, u64 => u64, u128 => u128, i32 => i32, i64 => i64
);

/// None sorts before every Some.
impl<T: IndexPrefix> IndexPrefix for Option<T> {
    fn encode_prefix(&self, out: &mut Vec<u8>) {
        match self {
            None => out.push(0),
            Some(value) => {
                out.push(1);
                value.encode_prefix(out);
            }
        }
    }
}

macro_rules! index_tuple {
    ($($like:ident $index:tt),+) => {
        impl<$($like: IndexPrefix),+> IndexPrefix for ($($like,)+) {
            fn encode_prefix(&self, out: &mut Vec<u8>) {
                $(self.$index.encode_prefix(out);)+
            }
        }
    };
}

index_tuple!(A 0);
index_tuple!(A 0, B 1);
index_tuple!(A 0, B 1, C 2);
index_tuple!(A 0, B 1, C 2, D 3);
index_tuple!(A 0, B 1, C 2, D 3, E 4);
