//! What a process can do to itself and to those around it.

use std::io::Write as _;
use std::time::Duration;

use casemill_plugin_abi::Bytes;
use casemill_plugin_abi::message::Request;

use crate::host;

unsafe extern "C" {
    fn close(descriptor: i32) -> i32;
    fn write(descriptor: i32, bytes: *const u8, length: usize) -> isize;
    fn raise(signal: i32) -> i32;
}

/// True if the host asks to stop.
pub(crate) fn is_cancelled() -> bool {
    // SAFETY: function and context come from the same table.
    host().and_then(|h| Some((h.is_cancelled?, h.ctx))).is_some_and(|(f, ctx)| unsafe { f(ctx) } != 0)
}

fn hang() -> ! {
    loop {
        std::thread::sleep(Duration::from_secs(3600));
    }
}

#[allow(unconditional_recursion)]
fn deeper(n: u64) -> u64 {
    let room = std::hint::black_box([n; 512]);
    deeper(room[7] + 1) + room[n as usize % 512]
}

/// Everything above the three standard descriptors, among them the connection to the host.
fn into_descriptors(bytes: &[u8]) {
    for descriptor in 3..64 {
        // SAFETY: writes readable bytes to a number that may be a descriptor.
        unsafe { write(descriptor, bytes.as_ptr(), bytes.len()) };
    }
}

/// A frame as workers send it, with a reply that nobody asked for.
fn forged(number: u32) -> Vec<u8> {
    let head = br#"{"artifacts":[]}"#;
    let mut frame = vec![b'R'];
    frame.extend_from_slice(&number.to_le_bytes());
    frame.extend_from_slice(&(12 + head.len() as u64).to_le_bytes());
    frame.extend_from_slice(&[0; 8]);
    frame.extend_from_slice(&(head.len() as u32).to_le_bytes());
    frame.extend_from_slice(head);
    frame
}

fn say(message: &str, level: u32) {
    let record = serde_json::to_vec(&serde_json::json!({ "message": message })).unwrap();
    if let Some(host) = host()
        && let Some(log) = host.log
    {
        // SAFETY: function and context come from the same table; the bytes live through the call.
        unsafe { log(host.ctx, level, Bytes::of(b"hostile"), Bytes::of(&record)) };
    }
}

/// Does it. What comes back goes on as if nothing had happened.
pub(crate) fn perform(deed: &str, request: Option<&Request>) {
    match deed {
        "abort" => std::process::abort(),
        "exit-0" => std::process::exit(0),
        "exit-3" => std::process::exit(3),
        // SAFETY: it is not; that is the point.
        "segfault" => unsafe { std::ptr::null_mut::<u8>().wrapping_add(8).write_volatile(1) },
        // SAFETY: stops this process.
        "stop" => unsafe {
            raise(if cfg!(target_vendor = "apple") { 17 } else { 19 });
        },
        "hang" => hang(),
        "ignore-cancel" => loop {
            std::hint::black_box(is_cancelled());
            std::thread::sleep(Duration::from_millis(5));
        },
        "panic" => panic!("all is lost"),
        "stack" => {
            std::hint::black_box(deeper(1));
        }
        "memory" => {
            let mut all: Vec<Vec<u8>> = Vec::new();
            loop {
                all.push(vec![1; 16 << 20]);
                std::hint::black_box(&all);
            }
        }
        "print" => {
            println!("{{\"stdout\":\"from a plugin\"}}");
            eprintln!("stderr from a plugin");
            let _ = std::io::stdout().flush();
        }
        "print-for-ever" => loop {
            let _ = std::io::stderr().write_all(&[b'x'; 1 << 16]);
        },
        "log-for-ever" => loop {
            say("again", 2);
        },
        "log-odd" => {
            say("two\nlines and \u{1b}[31mred", 2);
            say(&"long ".repeat(1 << 16), 2);
            if let Some((log, ctx)) = host().and_then(|h| Some((h.log?, h.ctx))) {
                // SAFETY: as in `say`; neither is text.
                unsafe { log(ctx, 99, Bytes::of(b"\xff\xfe"), Bytes::of(b"not json")) };
            }
        }
        "close-descriptors" => {
            for descriptor in 0..1024 {
                // SAFETY: closes what others still use.
                unsafe { close(descriptor) };
            }
        }
        "close-and-hang" => {
            perform("close-descriptors", None);
            hang();
        }
        "write-protocol" => into_descriptors(b"what is this?"),
        "write-frame" => into_descriptors(&forged(77)),
        // As many bytes promised as a reply may have.
        "promise" => {
            let mut frame = forged(2);
            frame[5..13].copy_from_slice(&(1_u64 << 30).to_le_bytes());
            into_descriptors(&frame);
            hang();
        }
        "write-files" => {
            std::fs::write("here", "x").unwrap();
            std::fs::write(std::env::temp_dir().join("there"), "x").unwrap();
        }
        "environment" => {
            let leaked: Vec<String> = std::env::vars().map(|(k, _)| k).filter(|k| k.contains("SECRET")).collect();
            assert!(leaked.is_empty(), "{leaked:?}");
        }
        "child" => {
            // A process that holds on to every descriptor it got.
            let _ = std::process::Command::new("sleep").arg("600").spawn();
            std::process::abort();
        }
        "" => {}
        other => panic!("no deed {other:?} for {:?}", request.map(|r| &r.op)),
    }
}
