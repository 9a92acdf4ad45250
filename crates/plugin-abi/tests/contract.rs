//! The header, the Rust side and the page say the same.

use std::collections::BTreeMap;
use std::mem::{offset_of, size_of};

use casemill_plugin_abi::{ABI_MINOR, Bytes, HEADER, Host, MAGIC, Plugin, SYMBOL, Sink, Status};

fn page() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/plugin-contract.md");
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{path}: {e}")).replace("\r\n", "\n")
}

#[test]
fn the_page_quotes_the_header() {
    let page = page();
    let quoted = page.split("```c casemill_plugin.h\n").nth(1).and_then(|rest| rest.split("```").next());
    assert_eq!(quoted.expect("the page quotes the header"), HEADER.replace("\r\n", "\n"));
}

/// Size of a structure, names and offsets of its fields in order.
type Structure = (usize, Vec<(&'static str, usize)>);

/// The structures of the contract.
fn layout() -> BTreeMap<&'static str, Structure> {
    macro_rules! of {
        ($type:ty: $($field:ident),+) => {
            (size_of::<$type>(), vec![$((stringify!($field), offset_of!($type, $field))),+])
        };
    }
    BTreeMap::from([
        ("casemill_bytes", of!(Bytes: ptr, len)),
        ("casemill_sink", of!(Sink: ctx, write)),
        ("casemill_host", of!(Host: struct_size, abi_minor, max_log_level, reserved, ctx, log, is_cancelled, resource)),
        ("casemill_plugin", of!(Plugin: magic, struct_size, abi_minor, flags, describe, open, call, close)),
    ])
}

#[test]
#[cfg(target_pointer_width = "64")]
fn the_page_gives_the_layout_of_the_rust_side() {
    let page = page();
    for (name, (size, fields)) in layout() {
        let fields: Vec<String> = fields.iter().map(|(field, offset)| format!("`{field}` {offset}")).collect();
        let row = format!("| `{name}` | {size} | {} |", fields.join(", "));
        assert!(page.contains(&row), "the page lacks the row\n{row}");
    }
}

/// Fields of a structure of the header, in order.
fn fields(name: &str) -> Vec<String> {
    let start = HEADER.find(&format!("typedef struct {name} {{")).unwrap_or_else(|| panic!("no {name} in the header"));
    let body = &HEADER[start..];
    let body = &body[body.find('{').unwrap() + 1..body.find(&format!("}} {name};")).unwrap()];
    let without_comments: String = body
        .split("/*")
        .enumerate()
        .map(|(i, part)| if i == 0 { part } else { part.split_once("*/").unwrap().1 })
        .collect();
    without_comments
        .split(';')
        .map(str::trim)
        .filter(|field| !field.is_empty())
        .map(|field| match field.split_once("(*") {
            Some((_, rest)) => rest.split(')').next().unwrap().to_owned(),
            None => field.rsplit([' ', '*']).next().unwrap().to_owned(),
        })
        .collect()
}

#[test]
fn the_header_has_the_fields_of_the_rust_side() {
    for (name, (_, expected)) in layout() {
        let expected: Vec<&str> = expected.iter().map(|(field, _)| *field).collect();
        assert_eq!(fields(name), expected, "{name}");
    }
}

#[test]
fn the_header_has_the_numbers_of_the_rust_side() {
    let number = |name: &str| {
        let line =
            HEADER.lines().find(|l| l.starts_with(&format!("#define {name} "))).unwrap_or_else(|| panic!("{name}"));
        let digits = line.split_whitespace().nth(2).unwrap().trim_end_matches('u');
        match digits.strip_prefix("0x") {
            Some(hex) => u32::from_str_radix(hex, 16).unwrap(),
            None => digits.parse().unwrap(),
        }
    };
    assert_eq!(number("CASEMILL_MAGIC"), MAGIC);
    assert_eq!(number("CASEMILL_ABI_MINOR"), ABI_MINOR);
    for (name, status) in [
        ("CASEMILL_OK", Status::Ok),
        ("CASEMILL_FAILED", Status::Failed),
        ("CASEMILL_UNSUPPORTED", Status::Unsupported),
        ("CASEMILL_BAD_REQUEST", Status::BadRequest),
        ("CASEMILL_PANICKED", Status::Panicked),
        ("CASEMILL_CANCELLED", Status::Cancelled),
    ] {
        assert_eq!(number(name), status as u32, "{name}");
        let row = format!("| {} | {} |", status as i32, name["CASEMILL_".len()..].to_lowercase().replace('_', " "));
        assert!(page().contains(&row), "the page lacks {row}");
    }
    let symbol = std::str::from_utf8(&SYMBOL[..SYMBOL.len() - 1]).unwrap();
    assert!(HEADER.contains(&format!("casemill_plugin {symbol};")));
}

/// The compiler's own view, where there is one.
#[test]
fn a_c_compiler_agrees() {
    let folder = std::env::temp_dir().join(format!("casemill-layout-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let mut source = String::from("#include <stddef.h>\n#include \"casemill_plugin.h\"\n");
    for (name, (size, fields)) in layout() {
        source += &format!("_Static_assert(sizeof({name}) == {size}, \"{name}\");\n");
        for (field, offset) in fields {
            source += &format!("_Static_assert(offsetof({name}, {field}) == {offset}, \"{name}.{field}\");\n");
        }
    }
    std::fs::write(folder.join("layout.c"), source).unwrap();
    std::fs::write(folder.join("casemill_plugin.h"), HEADER).unwrap();
    let compiler = std::env::var_os("CC").unwrap_or_else(|| "cc".into());
    let built = std::process::Command::new(compiler)
        .current_dir(&folder)
        .args(["-std=c11", "-Wall", "-Werror", "-c", "layout.c", "-o", "layout.o"])
        .output();
    match built {
        Ok(built) => assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr)),
        Err(error) => eprintln!("skipped: there is no C compiler ({error})"),
    }
    std::fs::remove_dir_all(&folder).unwrap();
}
