//! Frames between host and worker: a kind, the number of the request, a length, and as many bytes.

/// What a frame holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Kind {
    /// To the worker: describe the plugin at this path; time in milliseconds, path.
    Describe = b'D',
    /// To the worker: load this plugin and make an instance; time in milliseconds, length of the path, path, log level,
    /// configuration.
    Open = b'O',
    /// To the worker: time in milliseconds, length of the request, request, attachment.
    Call = b'C',
    /// To the host: status, minor version of the plugin's ABI, length of the head, head, blob.
    Reply = b'R',
    /// To the host: level, length of the target, target, record.
    Log = b'L',
    /// To the host: the library cannot be used; the reason.
    Unloadable = b'U',
}

impl Kind {
    pub(super) fn from_byte(byte: u8) -> Option<Self> {
        [Self::Describe, Self::Open, Self::Call, Self::Reply, Self::Log, Self::Unloadable]
            .into_iter()
            .find(|k| *k as u8 == byte)
    }
}

/// Bytes before the payload: kind, number, length.
pub(super) const HEADER: usize = 13;

/// The header of a frame. A reply has the number of its request, so that none is taken for that of another.
pub(super) fn header(kind: Kind, number: u32, length: usize) -> [u8; HEADER] {
    let mut out = [0; HEADER];
    out[0] = kind as u8;
    out[1..5].copy_from_slice(&number.to_le_bytes());
    out[5..].copy_from_slice(&(length as u64).to_le_bytes());
    out
}

/// Reads a header: kind, number, length.
pub(super) fn parse(bytes: &[u8]) -> Option<(Kind, u32, usize)> {
    let header: &[u8; HEADER] = bytes.first_chunk()?;
    let number = u32::from_le_bytes(header[1..5].try_into().ok()?);
    let length = u64::from_le_bytes(header[5..].try_into().ok()?);
    Some((Kind::from_byte(header[0])?, number, usize::try_from(length).ok()?))
}

/// Splits a payload that starts with a length into that many bytes and the rest.
pub(super) fn split(payload: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = payload.split_first_chunk::<4>()?;
    rest.split_at_checked(u32::from_le_bytes(*length) as usize)
}
