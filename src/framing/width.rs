//! Size, sign and byte order of a length header.

/// Size and sign of a length header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LengthWidth {
    /// 1 byte
    U8,
    /// 2 bytes
    U16,
    /// 4 bytes
    U32,
    /// 4 bytes, signed: what Python's `struct.pack('i', n)` writes
    I32,
    /// 8 bytes
    U64,
}

/// Order of the bytes of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Endian {
    /// Highest byte first: the network's order (RFC 1700)
    Big,
    /// Lowest byte first: the order inside nearly all of today's processors
    Little,
}

impl Endian {
    /// The other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Endian::Big => Endian::Little,
            Endian::Little => Endian::Big,
        }
    }
}

impl LengthWidth {
    /// Every width.
    pub const ALL: [LengthWidth; 5] = [Self::U8, Self::U16, Self::U32, Self::I32, Self::U64];

    /// The name in the text form.
    pub fn name(self) -> &'static str {
        match self {
            Self::U8 => "u8",
            Self::U16 => "u16",
            Self::U32 => "u32",
            Self::I32 => "i32",
            Self::U64 => "u64",
        }
    }

    /// Bytes of the header.
    pub fn size(self) -> usize {
        match self {
            Self::U8 => 1,
            Self::U16 => 2,
            Self::U32 | Self::I32 => 4,
            Self::U64 => 8,
        }
    }

    /// The greatest length the header can say.
    pub fn max(self) -> u64 {
        match self {
            Self::U8 => u64::from(u8::MAX),
            Self::U16 => u64::from(u16::MAX),
            Self::U32 => u64::from(u32::MAX),
            Self::I32 => i32::MAX as u64,
            Self::U64 => u64::MAX,
        }
    }

    /// Its format for Python's `struct` module, the byte order included.
    pub fn struct_format(self, endian: Endian) -> &'static str {
        match (endian, self) {
            (Endian::Big, Self::U8) => "!B",
            (Endian::Big, Self::U16) => "!H",
            (Endian::Big, Self::U32) => "!I",
            (Endian::Big, Self::I32) => "!i",
            (Endian::Big, Self::U64) => "!Q",
            (Endian::Little, Self::U8) => "<B",
            (Endian::Little, Self::U16) => "<H",
            (Endian::Little, Self::U32) => "<I",
            (Endian::Little, Self::I32) => "<i",
            (Endian::Little, Self::U64) => "<Q",
        }
    }
}

impl Endian {
    /// Both orders.
    pub const ALL: [Endian; 2] = [Self::Big, Self::Little];

    /// The name in the text form.
    pub fn name(self) -> &'static str {
        match self {
            Self::Big => "big",
            Self::Little => "little",
        }
    }
}

/// The header that a format of Python's `struct` module describes: an order character, if any,
/// and one number.
///
/// `!` and `>` are big-endian, `<` is little-endian. No order character, `@` and `=` mean *the
/// order of the machine*, and that is why such a format is not portable; here it is
/// little-endian, as on x86-64 and ARM. `L` and `l` need an order character: without one their
/// size is the machine's, too.
///
/// Source: <https://docs.python.org/3/library/struct.html>.
pub(super) fn of_struct_format(format: &str) -> Option<(LengthWidth, Endian)> {
    let (order, number) = match format.strip_prefix(['!', '>', '<', '@', '=']) {
        Some(number) => (format.as_bytes()[0], number),
        None => (b'@', format),
    };
    let endian = match order {
        b'!' | b'>' => Endian::Big,
        _ => Endian::Little,
    };
    let width = match number {
        "B" => LengthWidth::U8,
        "H" => LengthWidth::U16,
        "I" => LengthWidth::U32,
        "i" => LengthWidth::I32,
        "Q" => LengthWidth::U64,
        "L" if order != b'@' => LengthWidth::U32,
        "l" if order != b'@' => LengthWidth::I32,
        _ => return None,
    };
    Some((width, endian))
}
