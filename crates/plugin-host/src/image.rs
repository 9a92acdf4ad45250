//! The bytes of a plugin file.
//!
//! Where a hash decides whether a plugin may run, its bytes are taken once: what was hashed is what is loaded. On Linux
//! they stand in a sealed file in memory that every worker inherits and nobody can write to, so that a file
//! exchanged on the disk after it was hashed is not what runs, and all workers share the pages. Elsewhere, and where the
//! system has no such files, they are a private copy that only this user can read. A plugin of the installation, or of a
//! folder that the user named, is loaded from where it lies, which is quicker.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::library::LoadError;
use crate::pipeline::hex;

/// No plugin is larger; a file that is is not one.
const LARGEST: u64 = 1 << 30;

/// Size and time of change of a file: enough to list a plugin that was hashed before, not to load it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Bytes.
    pub size: u64,
    /// Nanoseconds of the last change since 1970.
    pub modified: u64,
}

impl Stamp {
    /// The stamp of a file.
    ///
    /// # Errors
    /// There is no such file, or it is a folder, a device or a pipe.
    pub fn of(path: &Path) -> io::Result<Self> {
        let metadata = fs::metadata(path)?;
        if !metadata.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a file"));
        }
        let modified = metadata.modified().ok().and_then(|t| t.duration_since(SystemTime::UNIX_EPOCH).ok());
        let modified = modified.and_then(|d| u64::try_from(d.as_nanos()).ok()).unwrap_or_default();
        Ok(Self { size: metadata.len(), modified })
    }
}

/// The bytes of a plugin where they are loaded from.
#[derive(Debug)]
pub(crate) struct Image {
    place: Place,
    /// Empty for a file that stays where it lies.
    sha256: String,
    /// Bytes that the library's own headers promise, if there are fewer.
    cut_off: Option<(u64, u64)>,
}

#[derive(Debug)]
enum Place {
    #[cfg(target_os = "linux")]
    Memory(std::os::fd::OwnedFd),
    Copy(tempfile::TempPath),
    Original(PathBuf),
}

impl Image {
    /// The file itself.
    fn original(path: &Path) -> io::Result<Self> {
        let length = Stamp::of(path)?.size;
        let mut head = Vec::new();
        File::open(path)?.take(1 << 16).read_to_end(&mut head)?;
        let cut_off = promised(&head).filter(|promised| *promised > length).map(|promised| (length, promised));
        Ok(Self { place: Place::Original(path.to_owned()), sha256: String::new(), cut_off })
    }

    /// Reads a file to its end and hashes what was read.
    fn take(path: &Path) -> io::Result<Self> {
        Stamp::of(path)?;
        let mut to = Destination::new()?;
        let mut hash = Sha256::new();
        let (mut length, mut cut_off) = (0, None);
        each_chunk(path, |chunk| {
            if length == 0 {
                cut_off = promised(chunk);
            }
            length += chunk.len() as u64;
            hash.update(chunk);
            to.write(chunk)
        })?;
        if length > LARGEST {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "it is larger than 1 GiB"));
        }
        let cut_off = cut_off.filter(|promised| *promised > length).map(|promised| (length, promised));
        Ok(Self { place: to.seal()?, sha256: hex(&hash.finalize()), cut_off })
    }

    /// Where `process`, this one or a worker, loads it from.
    pub(crate) fn path_for(&self, process: u32) -> PathBuf {
        match &self.place {
            #[cfg(target_os = "linux")]
            Place::Memory(file) => {
                use std::os::fd::AsRawFd as _;
                // With the number of the process a debugger finds it, too.
                PathBuf::from(format!("/proc/{process}/fd/{}", file.as_raw_fd()))
            }
            Place::Copy(path) => {
                let _ = process;
                path.to_path_buf()
            }
            Place::Original(path) => path.clone(),
        }
    }
}

/// Reads a file to its end, or to the most that a plugin may have and a little more.
fn each_chunk(path: &Path, mut take: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
    let mut from = File::open(path)?.take(LARGEST + 1);
    let mut chunk = vec![0; 1 << 20];
    loop {
        match from.read(&mut chunk) {
            Ok(0) => return Ok(()),
            Ok(n) => take(&chunk[..n])?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Where an image is being written.
enum Destination {
    #[cfg(target_os = "linux")]
    Memory(File),
    Copy(tempfile::NamedTempFile),
}

impl Destination {
    fn new() -> io::Result<Self> {
        #[cfg(target_os = "linux")]
        {
            use rustix::fs::{MemfdFlags, memfd_create};
            // Not closed on exec: workers inherit it under its number. A kernel that knows the executable flag may
            // insist on it, an older one does not know it; one that forbids such files leaves the copy.
            let made = memfd_create(c"casemill-plugin", MemfdFlags::ALLOW_SEALING | MemfdFlags::EXEC)
                .or_else(|_| memfd_create(c"casemill-plugin", MemfdFlags::ALLOW_SEALING));
            if let Ok(file) = made {
                return Ok(Self::Memory(File::from(file)));
            }
        }
        tempfile::Builder::new().prefix("casemill-plugin-").tempfile().map(Self::Copy)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            #[cfg(target_os = "linux")]
            Self::Memory(file) => file.write_all(bytes),
            Self::Copy(file) => file.write_all(bytes),
        }
    }

    fn seal(self) -> io::Result<Place> {
        match self {
            #[cfg(target_os = "linux")]
            Self::Memory(file) => {
                use rustix::fs::{SealFlags, fcntl_add_seals};
                fcntl_add_seals(&file, SealFlags::WRITE | SealFlags::GROW | SealFlags::SHRINK | SealFlags::SEAL)?;
                Ok(Place::Memory(file.into()))
            }
            Self::Copy(file) => Ok(Place::Copy(file.into_temp_path())),
        }
    }
}

/// Bytes that a library needs, by the headers of its loadable segments (ELF64, little-endian). The loader of the
/// system does not compare them with the size of the file and dies of it.
fn promised(head: &[u8]) -> Option<u64> {
    const LOAD: u64 = 1;
    let number = |at: usize, n: usize| -> Option<u64> {
        let mut bytes = [0; 8];
        bytes[..n].copy_from_slice(head.get(at..at.checked_add(n)?)?);
        Some(u64::from_le_bytes(bytes))
    };
    if !head.starts_with(b"\x7fELF\x02\x01") {
        return None;
    }
    let (table, size, count) = (number(32, 8)?, number(54, 2)?, number(56, 2)?);
    let mut most = table.checked_add(size * count)?;
    let segments = (0..count).map_while(|i| {
        let at = usize::try_from(table.checked_add(i * size)?).ok()?;
        let end = number(at + 8, 8)?.checked_add(number(at + 32, 8)?)?;
        Some((number(at, 4)?, end))
    });
    for (_, end) in segments.filter(|(kind, _)| *kind == LOAD) {
        most = most.max(end);
    }
    Some(most)
}

/// A plugin file whose bytes are read when they are needed, once.
pub(crate) struct Contents {
    path: PathBuf,
    /// True if they are loaded from where they lie.
    original: bool,
    /// What the bytes must hash to; of an original, what they hashed to when they were looked at.
    expected: OnceLock<String>,
    image: OnceLock<Image>,
    taking: Mutex<()>,
}

impl fmt::Debug for Contents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contents").field("path", &self.path).field("sha256", &self.expected.get()).finish()
    }
}

impl Contents {
    /// Contents that are as they are found, taken once.
    pub(crate) fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            original: false,
            expected: OnceLock::new(),
            image: OnceLock::new(),
            taking: Mutex::new(()),
        }
    }

    /// Contents that hash to this when they are taken, or are refused.
    #[must_use]
    pub(crate) fn expect(self, sha256: &str) -> Self {
        Self { expected: OnceLock::from(sha256.to_owned()), ..self }
    }

    /// Contents that are loaded from where they lie.
    #[must_use]
    pub(crate) fn original(self) -> Self {
        Self { original: true, ..self }
    }

    /// The hash of the bytes if it is known, without reading them.
    pub(crate) fn known_sha256(&self) -> Option<&str> {
        self.expected.get().map(String::as_str)
    }

    /// The hash that the bytes have, or must have when they are taken.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn sha256(&self) -> Result<&str, LoadError> {
        if let Some(sha256) = self.expected.get() {
            return Ok(sha256);
        }
        if self.original {
            let unreadable = |e: io::Error| LoadError::Unreadable(e.to_string());
            let mut hash = Sha256::new();
            each_chunk(&self.path, |chunk| {
                hash.update(chunk);
                Ok(())
            })
            .map_err(unreadable)?;
            return Ok(self.expected.get_or_init(|| hex(&hash.finalize())));
        }
        self.image().map(|image| image.sha256.as_str())
    }

    /// The bytes.
    ///
    /// # Errors
    /// The file cannot be read, is cut off, or is no longer the one that was hashed.
    pub(crate) fn image(&self) -> Result<&Image, LoadError> {
        let _one = self.taking.lock().unwrap_or_else(PoisonError::into_inner);
        if self.image.get().is_none() {
            let taken = if self.original { Image::original(&self.path) } else { Image::take(&self.path) };
            let image = taken.map_err(|e| LoadError::Unreadable(e.to_string()))?;
            if !self.original && *self.expected.get_or_init(|| image.sha256.clone()) != image.sha256 {
                return Err(LoadError::Changed);
            }
            let _ = self.image.set(image);
        }
        let image = self.image.get().ok_or(LoadError::Changed)?;
        match image.cut_off {
            Some((length, promised)) => Err(LoadError::CutOff { length, promised }),
            None => Ok(image),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_stays_what_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.cmplugin");
        fs::write(&path, b"first").unwrap();
        let contents = Contents::new(&path);
        let sha256 = contents.sha256().unwrap().to_owned();
        assert_eq!(sha256, hex(&Sha256::digest(b"first")));
        // In place, as `cp` does it: the same inode.
        fs::write(&path, b"other").unwrap();
        let taken = contents.image().unwrap().path_for(std::process::id());
        assert_eq!(fs::read(&taken).unwrap(), b"first");
        assert!(matches!(Contents::new(&path).expect(&sha256).image(), Err(LoadError::Changed)));
        // Nobody writes to it, not even this process.
        #[cfg(target_os = "linux")]
        assert!(fs::OpenOptions::new().write(true).open(&taken).and_then(|mut f| f.write_all(b"x")).is_err());
    }

    #[test]
    fn folders_and_devices_are_not_read() {
        assert!(matches!(Contents::new(Path::new("/dev/zero")).image(), Err(LoadError::Unreadable(_))));
        assert!(matches!(Contents::new(&std::env::temp_dir()).image(), Err(LoadError::Unreadable(_))));
    }

    #[test]
    #[cfg(all(target_os = "linux", target_pointer_width = "64", target_endian = "little"))]
    fn a_library_that_is_cut_off_says_so() {
        let whole = fs::read(std::env::current_exe().unwrap()).unwrap();
        let promised = promised(&whole).unwrap();
        assert!(promised <= whole.len() as u64);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("half.cmplugin");
        for length in [64, 100, promised as usize / 2, promised as usize - 1] {
            fs::write(&path, &whole[..length]).unwrap();
            for contents in [Contents::new(&path), Contents::new(&path).original()] {
                assert!(matches!(contents.image(), Err(LoadError::CutOff { .. })), "{length}");
            }
        }
    }
}
