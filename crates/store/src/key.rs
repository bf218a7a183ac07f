use names::{AccountId, Arn, Region, RequestId, Timestamp};

/// A type that keys are made of: strings, bytes, integers, [`Timestamp`]s and tuples of these. Encoded keys sort as the values do (numbers
/// by value, strings by their bytes, tuples element by element), and no encoded key is the beginning of another one of the same type.
pub trait Key: EncodesAs<Self> + Clone + Send + Sync + Sized + 'static {}

impl<T: EncodesAs<T> + Clone + Send + Sync + 'static> Key for T {}

/// What stands for a key of type `K` in a look-up: `&str` for `String`, `("a", 1_u64)` for `(String, u64)`, references to either.
pub trait EncodesAs<K> {
    /// Appends the ordered encoding.
    fn encode(&self, out: &mut Vec<u8>);
}

/// Zero bytes are escaped as `00 FF`, and `00 01` ends the text: so "a" sorts before "ab", and ("a", "z") before ("ab", "a").
pub(crate) fn encode_bytes(bytes: &[u8], out: &mut Vec<u8>) {
    encode_open_bytes(bytes, out);
    out.extend_from_slice(&[0x00, 0x01]);
}

/// As [`encode_bytes`], without the end: the beginning of every text that begins so.
pub(crate) fn encode_open_bytes(bytes: &[u8], out: &mut Vec<u8>) {
    out.reserve(bytes.len().saturating_add(2));
    for byte in bytes {
        out.push(*byte);
        if *byte == 0 {
            out.push(0xFF);
        }
    }
}

macro_rules! text {
    ($key:ty: $($like:ty => $bytes:expr),+) => {$(
        impl EncodesAs<$key> for $like {
            fn encode(&self, out: &mut Vec<u8>) {
                let bytes: fn(&$like) -> &[u8] = $bytes;
                encode_bytes(bytes(self), out);
            }
        }
    )+};
}

text!(String: String => |text| text.as_bytes(), str => |text| text.as_bytes());
text!(&'static str: str => |text| text.as_bytes());
text!(Vec<u8>: Vec<u8> => |bytes| bytes, [u8] => |bytes| bytes);
text!(AccountId: AccountId => |account| account.as_str().as_bytes());
text!(Region: Region => |region| region.as_str().as_bytes());
text!(RequestId: RequestId => |id| &id.0);

impl EncodesAs<Arn> for Arn {
    fn encode(&self, out: &mut Vec<u8>) {
        encode_bytes(self.to_string().as_bytes(), out);
    }
}

impl EncodesAs<Arn> for str {
    fn encode(&self, out: &mut Vec<u8>) {
        encode_bytes(self.as_bytes(), out);
    }
}

macro_rules! unsigned {
    ($($number:ty),+) => {$(
        impl EncodesAs<$number> for $number {
            fn encode(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_be_bytes());
            }
        }
    )+};
}

unsigned!(u8, u16, u32, u64, u128);

impl EncodesAs<bool> for bool {
    fn encode(&self, out: &mut Vec<u8>) {
        out.push(u8::from(*self));
    }
}

impl EncodesAs<i64> for i64 {
    fn encode(&self, out: &mut Vec<u8>) {
        // Two's complement with the sign bit turned sorts as the numbers do.
        out.extend_from_slice(&(self.cast_unsigned() ^ (1 << 63)).to_be_bytes());
    }
}

impl EncodesAs<i32> for i32 {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&(self.cast_unsigned() ^ (1 << 31)).to_be_bytes());
    }
}

impl EncodesAs<Timestamp> for Timestamp {
    fn encode(&self, out: &mut Vec<u8>) {
        EncodesAs::<i64>::encode(&self.millis(), out);
    }
}

/// The only row of its scope.
impl EncodesAs<()> for () {
    fn encode(&self, _: &mut Vec<u8>) {}
}

impl<K, T: EncodesAs<K> + ?Sized> EncodesAs<K> for &T {
    fn encode(&self, out: &mut Vec<u8>) {
        (**self).encode(out);
    }
}

/// None sorts before every Some.
impl<K, T: EncodesAs<K>> EncodesAs<Option<K>> for Option<T> {
    fn encode(&self, out: &mut Vec<u8>) {
        match self {
            None => out.push(0),
            Some(value) => {
                out.push(1);
                value.encode(out);
            }
        }
    }
}

macro_rules! tuple {
    ($($key:ident $like:ident $index:tt),+) => {
        impl<$($key,)+ $($like: EncodesAs<$key>),+> EncodesAs<($($key,)+)> for ($($like,)+) {
            fn encode(&self, out: &mut Vec<u8>) {
                $(self.$index.encode(out);)+
            }
        }
    };
}

tuple!(A X 0);
tuple!(A X 0, B Y 1);
tuple!(A X 0, B Y 1, C Z 2);
tuple!(A X 0, B Y 1, C Z 2, D W 3);
tuple!(A X 0, B Y 1, C Z 2, D W 3, E V 4);
