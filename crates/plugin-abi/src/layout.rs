//! Assertions on layout: what the C header says, checked when this crate is compiled for a 64-bit target.

use std::mem::{offset_of, size_of};

use crate::{Bytes, Host, Plugin, Sink};

#[cfg(target_pointer_width = "64")]
const _: () = {
    assert!(size_of::<Bytes>() == 16);
    assert!(size_of::<Sink>() == 16);
    assert!(size_of::<Host>() == 48);
    assert!(offset_of!(Host, ctx) == 16);
    assert!(offset_of!(Host, log) == 24);
    assert!(offset_of!(Host, is_cancelled) == 32);
    assert!(offset_of!(Host, resource) == 40);
    assert!(size_of::<Plugin>() == 48);
    assert!(offset_of!(Plugin, magic) == 0);
    assert!(offset_of!(Plugin, struct_size) == 4);
    assert!(offset_of!(Plugin, abi_minor) == 8);
    assert!(offset_of!(Plugin, flags) == 12);
    assert!(offset_of!(Plugin, describe) == 16);
    assert!(offset_of!(Plugin, open) == 24);
    assert!(offset_of!(Plugin, call) == 32);
    assert!(offset_of!(Plugin, close) == 40);
};
