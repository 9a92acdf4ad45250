//! `casemill plugins trust`: which plugin files may run without being named.

use casemill_plugin_host::{Limits, Lock, Trouble, distrust, trust};

use crate::cli::Trust;
use crate::exit::Exit;

pub(super) fn run(args: &Trust) -> Result<Exit, String> {
    let lock = args.lock.clone().or_else(Lock::of_user);
    let lock = lock.ok_or("neither XDG_CONFIG_HOME nor HOME says where your settings are; name a lock with --lock")?;
    let lines = |troubles: Vec<Trouble>| troubles.iter().map(ToString::to_string).collect::<Vec<_>>().join("\nerror: ");
    if args.remove {
        distrust(&lock, &args.files).map_err(lines)?;
        return Ok(Exit::Clean);
    }
    let trusted = trust(&lock, &args.files, &Limits::default())
        .map_err(|troubles| format!("{}\nnothing was written to {}", lines(troubles), lock.display()))?;
    for plugin in &trusted {
        let d = &plugin.description;
        outln!("{} {}: {}\n  {}\n  sha256 {}", d.id, d.version, d.summary, plugin.path.display(), plugin.sha256);
    }
    outln!("pinned in {}", lock.display());
    Ok(Exit::Clean)
}
